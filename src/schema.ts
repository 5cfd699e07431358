/** What is wrong with a value from outside. */
export interface SchemaError {
  /** Each fault: where it is, as the names of fields, and which rule it breaks. */
  readonly issues: readonly { readonly path: readonly PropertyKey[]; readonly message: string }[];
}

/** Checks a value from outside and returns it in the shape that the program uses; zod's schemas do. */
export interface Schema<T> {
  /** Returns the checked value, or what is wrong with it. */
  safeParse(value: unknown):
    | { readonly success: true; readonly data: T }
    | { readonly success: false; readonly error: SchemaError };
}
