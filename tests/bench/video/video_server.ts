import { FakeCamera } from "../../support/fake_camera.ts";
import { type Program, startProgram } from "../../support/program.ts";
import { VIDEO_CLIPS, type VideoClip } from "./clips.ts";

export interface VideoServerOptions {
  /** What its camera films. Default: the street at 1280x720. */
  readonly clip?: VideoClip;
  /** Further arguments. */
  readonly args?: readonly string[];
}

/** A name that is no local address, so that a page of it is not in a secure context. */
export const LAN_NAME = "lan.test";
/** A name that browsers take for this machine, wherever it leads: its pages are in a secure context. */
export const SECURE_NAME = "bench.localhost";

/** Runs the program on all addresses, with a camera and room for a crowd, during a measurement. */
export async function withVideoServer<T>(
  run: (program: Program) => Promise<T>,
  { clip, args = [] }: VideoServerOptions = {},
): Promise<T> {
  const { path, width, height } = clip ?? await VIDEO_CLIPS.street();
  await using camera = await FakeCamera.create({ clip: { path, format: "mjpeg" }, width, height });
  const crowd = ["--max-viewers=1100", "--max-per-address=1100"];
  const names = ["--host=0.0.0.0", `--allow-host=${LAN_NAME},${SECURE_NAME}`];
  await using program = await startProgram([...camera.options, ...crowd, ...names, ...args]);
  return await run(program);
}
