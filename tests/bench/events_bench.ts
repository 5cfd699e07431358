/**
 * Measures how long it takes from a movement before a network camera to a message at a subscriber of an MQTT broker.
 * Prints a Markdown table. `events_bench.ts 100` waits for a hundred movements.
 */
import { measureMotionToMqtt } from "../support/motion_to_mqtt.ts";
import { Broker } from "../support/mosquitto.ts";
import { print } from "./servers.ts";

const [movements = 40] = Deno.args;

await using broker = await Broker.start();
const address = `mqtt://127.0.0.1:${broker.port}/cam`;
const { delays } = await measureMotionToMqtt(broker, address, Number(movements));
const sorted = delays.toSorted((a, b) => a - b);
const at = (part: number) => sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))];
print("| movement to MQTT message, median / p95 / longest | movements |");
print("| --- | --- |");
print(`| ${at(0.5)} / ${at(0.95)} / ${at(1)} ms | ${sorted.length} |`);
