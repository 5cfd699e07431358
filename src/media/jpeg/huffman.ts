import { type HuffmanSpec, readHuffman } from "./segments.ts";
import { STANDARD_DHT_SEGMENT } from "./dht.ts";

/** The typical tables (T.81 K.3 to K.6) under the key `class << 4 | destination`. */
export const STANDARD_TABLES: ReadonlyMap<number, HuffmanSpec> = readStandardTables();

function readStandardTables(): Map<number, HuffmanSpec> {
  const tables = new Map<number, HuffmanSpec>();
  readHuffman(STANDARD_DHT_SEGMENT.subarray(4), tables);
  return tables;
}
