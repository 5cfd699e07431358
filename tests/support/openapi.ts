import { Ajv2020 } from "ajv/dist/2020.js";
import { parse } from "yaml";

/** Parts of an OpenAPI document that tests read. */
export interface Operation {
  readonly security?: readonly Readonly<Record<string, readonly string[]>>[];
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: object;
  readonly responses: Readonly<Record<string, object>>;
  /** What pages of allowed origins may do with it, as in the route table. */
  readonly "x-shared"?: string;
}

export interface Parameter {
  readonly $ref?: string;
  readonly name: string;
  readonly in: string;
  readonly schema: { readonly type?: string; readonly minimum?: number; readonly maximum?: number };
}

export interface OpenApi extends Node {
  readonly security: readonly Readonly<Record<string, readonly string[]>>[];
  readonly paths: Readonly<
    Record<
      string,
      { readonly get?: Operation; readonly post?: Operation }
    >
  >;
  readonly components: {
    readonly schemas: Readonly<Record<string, { readonly enum?: unknown[] }>>;
  };
}

/** The document as written, with references unresolved. */
export const OPENAPI: OpenApi = parse(
  await Deno.readTextFile(new URL("../../docs/openapi.yaml", import.meta.url)),
);

const ajv = new Ajv2020({ strict: false }).addSchema(OPENAPI, "openapi");

type Node = { readonly [name: string]: unknown };

/** Returns what a JSON pointer points to, following the references on the way, and its own pointer. */
function follow(
  names: readonly string[],
): { readonly pointer: string; readonly value: Node | undefined } {
  let pointer = "#";
  let value: Node | undefined = OPENAPI;
  for (const name of names) {
    if (typeof value?.$ref === "string") {
      pointer = value.$ref;
      value = follow(pointer.slice(2).split("/").map(unescape)).value;
    }
    pointer += `/${name.replaceAll("~", "~0").replaceAll("/", "~1")}`;
    value = value?.[name] as Node | undefined;
  }
  return { pointer, value };
}

function unescape(name: string): string {
  return name.replaceAll("~1", "/").replaceAll("~0", "~");
}

/** Returns the parameters of an operation, with references resolved. */
export function parametersOf({ parameters = [] }: Operation): Parameter[] {
  return parameters.map((parameter) =>
    parameter.$ref
      ? follow(parameter.$ref.slice(2).split("/")).value as unknown as Parameter
      : parameter
  );
}

/** Returns how a value breaks the schema at this place in the document; `null` if it does not. */
function violation(place: readonly string[], value: unknown): string | null {
  const { pointer, value: schema } = follow(place);
  if (schema === undefined) return `${place.join(" ")} is not documented`;
  return ajv.validate({ $ref: `openapi${encodeURI(pointer)}` }, value) ? null : ajv.errorsText();
}

/** Returns how a JSON response differs from what is documented for it; `null` if it does not. */
export function responseViolation(
  path: string,
  method: "get" | "post",
  status: number,
  body: unknown,
): string | null {
  const response = ["paths", path, method, "responses", String(status)];
  return violation([...response, "content", "application/json", "schema"], body);
}

/** Returns how a JSON request body differs from what is documented for it; `null` if it does not. */
export function requestViolation(path: string, body: unknown): string | null {
  return violation(
    ["paths", path, "post", "requestBody", "content", "application/json", "schema"],
    body,
  );
}
