import { type Program, startProgram } from "./program.ts";
import { type Microphone, PulseAudio } from "./pulse_audio.ts";

/** The program with a microphone in the test's hands. */
export interface TalkingProgram extends AsyncDisposable {
  readonly program: Program;
  readonly microphone: Microphone;
  readonly pulse: PulseAudio;
}

/**
 * Starts the program with PulseAudio's default microphone.
 *
 * @param args Further arguments.
 * @param sample What the microphone picks up; see {@linkcode Microphone.feed}. Default: a tone.
 */
export async function startTalkingProgram(
  args: readonly string[],
  sample?: (seconds: number) => number,
): Promise<TalkingProgram> {
  await using stack = new AsyncDisposableStack();
  const pulse = stack.use(await PulseAudio.start());
  const microphone = stack.use(await pulse.plugIn());
  microphone.feed(sample);
  // Deno keeps its cache at home.
  const { HOME: _, ...env } = pulse.env;
  const program = stack.use(await startProgram(["--sound=auto", ...args], { env }));
  const own = stack.move();
  return { program, microphone, pulse, [Symbol.asyncDispose]: () => own.disposeAsync() };
}
