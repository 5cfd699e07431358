import { UserError } from "../../../errors.ts";
import { HttpProblem } from "../../problem.ts";

/** Waits for an action; turns a {@linkcode UserError} into a 409 with the same message. */
export async function userErrorAs409<T>(action: Promise<T>): Promise<T> {
  try {
    return await action;
  } catch (error) {
    if (error instanceof UserError) throw new HttpProblem(409, error.message);
    throw error;
  }
}
