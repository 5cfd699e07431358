// @ts-types="../std_http.d.ts"
import { acceptsLanguages } from "@std/http/negotiation";
// @ts-types="../std_http.d.ts"
import { setCookie } from "@std/http/cookie";
import { BoundedMap } from "../../bounded_map.ts";
import type { Call } from "../call.ts";
import { cookiesOf } from "../cookies.ts";
import type { StaticFiles } from "../static_files.ts";
import { Language, readPageTexts } from "./page_texts.ts";

const COOKIE = "language";
const YEAR_SECONDS = 365 * 24 * 60 * 60;

/** As much of Accept-Language is read. Characters, and languages: looking one up takes 0.1 ms. */
const MAX_HEADER = 300;
const MAX_TAGS = 20;

/** Values of Accept-Language whose result is remembered. */
const MAX_REMEMBERED = 100;

/** The languages of the pages: English, and one for each further file in static/texts. */
export class Languages {
  /** English first, the others by their tags. */
  readonly all: readonly [english: Language, ...others: Language[]];
  readonly #byTag: ReadonlyMap<string, Language>;
  readonly #byScript = new Map<string, Language>();
  readonly #byHeader = new BoundedMap<string, Language>(MAX_REMEMBERED);

  /** Reads every language. */
  constructor(files: StaticFiles) {
    const english = new Language("en", readPageTexts(files, "en"));
    const tags = Array.from(files.keys(), (path) => /^\/texts\/([\w-]+)\.json$/.exec(path)?.[1]);
    const others = tags.filter((tag) => tag !== undefined && tag !== "en").sort().map((tag) =>
      new Language(tag!, readPageTexts(files, tag!), english.texts)
    );
    this.all = [english, ...others];
    this.#byTag = new Map(this.all.map((language) => [language.tag, language]));
    for (const language of this.all) this.#byScript.set(scriptOf(language.tag), language);
  }

  /** Returns the language of a tag that the menu offers. */
  named(tag: string): Language | undefined {
    return this.#byTag.get(tag);
  }

  /** Returns the language that the viewer chose in the menu, else the best for their browser. */
  of(request: Pick<Request, "headers">): Language {
    const chosen = this.#byTag.get(cookiesOf(request)[COOKIE] ?? "");
    if (chosen) return chosen;
    const header = (request.headers.get("accept-language") ?? "").slice(0, MAX_HEADER);
    let best = this.#byHeader.get(header);
    if (!best) this.#byHeader.set(header, best = this.#bestFor(header));
    return best;
  }

  #bestFor(header: string): Language {
    const tags = acceptsLanguages({ headers: new Headers({ "accept-language": header }) });
    for (const tag of tags.slice(0, MAX_TAGS)) {
      const language = this.#byTag.get(tag) ?? this.#byScript.get(scriptOf(tag));
      if (language) return language;
    }
    return this.all[0];
  }
}

/**
 * Returns the language and script that a tag stands for, whatever its region: `zh-Hant` for `zh-HK`,
 * `de-Latn` for `de-AT`. Empty for what is not a tag, such as `*`.
 */
function scriptOf(tag: string): string {
  try {
    const { language, script } = new Intl.Locale(tag).maximize();
    return `${language}-${script}`;
  } catch {
    return "";
  }
}

/**
 * Sets the cookie with the chosen language. It is the same with and without HTTPS: unlike other cookies
 * it gives no rights.
 */
export function giveLanguage(
  { basePath }: Pick<Call, "basePath">,
  headers: Headers,
  { tag }: Language,
): void {
  setCookie(headers, {
    name: COOKIE,
    value: tag,
    path: basePath,
    maxAge: YEAR_SECONDS,
    httpOnly: true,
    sameSite: "Lax",
  });
}
