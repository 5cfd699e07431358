import { isSameName, type Question, type ResourceRecord } from "./message.ts";
import { cutToBytes, hostNameOf, instanceLabel } from "./names.ts";

/** What is announced. */
export interface Service {
  /** The title of the channel. */
  readonly title: string;
  /** Where the server listens. */
  readonly port: number;
  /** Whether it answers by HTTPS alone. */
  readonly isSecure: boolean;
  /** The path of the page, which begins and ends with `/`. */
  readonly path: string;
}

/** The numbers that make names unlike those that others have. 1 adds none. */
export interface NameNumbers {
  /** That of the machine's name. */
  readonly host: number;
  /** That of the service's name. */
  readonly instance: number;
}

/** How long others may remember records, as RFC 6762 section 10 recommends: with a host's name, and others. Seconds. */
const HOST_TTL = 120;
const OTHER_TTL = 4500;

/** The name under which all types of services are listed (RFC 6763 section 9). */
const TYPES = "_services._dns-sd._udp.local";

/** The longest string of a TXT record. Bytes. */
const MAX_STRING_BYTES = 255;

const HOST_LABEL = "livestream";

/** The records of a service in one network. */
export class ServiceRecords {
  /** The name of the machine. */
  readonly host: string;
  /** The full name of the service. */
  readonly instance: string;
  /** The records that only one machine may have. */
  readonly unique: readonly ResourceRecord[];
  /** The records beside those of others: that there is such a service. */
  readonly shared: readonly ResourceRecord[];
  /** The answers to questions for what the unique names do not have. */
  readonly denials: readonly ResourceRecord[];

  /** Makes the records of a machine with these IPv4 addresses. */
  constructor(service: Service, numbers: NameNumbers, addresses: readonly string[]) {
    const { title, port, isSecure, path } = service;
    const type = `${isSecure ? "_https" : "_http"}._tcp.local`;
    const host = this.host = hostNameOf(HOST_LABEL, numbers.host);
    const instance = this.instance = `${instanceLabel(title, numbers.instance)}.${type}`;
    const strings = ["txtvers=1", `title=${title}`, `path=${path}`];
    this.unique = [
      ...addresses.map((data) => unique(host, "A", HOST_TTL, data)),
      unique(instance, "SRV", HOST_TTL, { priority: 0, weight: 0, port, target: host }),
      unique(instance, "TXT", OTHER_TTL, strings.map((text) => cutToBytes(text, MAX_STRING_BYTES))),
    ];
    this.shared = [
      { name: type, type: "PTR", ttl: OTHER_TTL, isUnique: false, data: instance },
      { name: TYPES, type: "PTR", ttl: OTHER_TTL, isUnique: false, data: type },
    ];
    this.denials = [
      unique(host, "NSEC", HOST_TTL, { nextDomain: host, rrtypes: ["A"] }),
      unique(instance, "NSEC", HOST_TTL, { nextDomain: instance, rrtypes: ["TXT", "SRV"] }),
    ];
  }

  /** All records. */
  get all(): readonly ResourceRecord[] {
    return [...this.shared, ...this.unique, ...this.denials];
  }

  /** Returns the answers to a question. */
  answersTo({ name, type }: Question): readonly ResourceRecord[] {
    const named = (records: readonly ResourceRecord[]) =>
      records.filter((record) => isSameName(record.name, name));
    const fitting = named([...this.shared, ...this.unique])
      .filter((record) => type === "ANY" || record.type === type);
    return fitting.length > 0 ? fitting : named(this.denials);
  }
}

function unique(name: string, type: string, ttl: number, data: unknown): ResourceRecord {
  return { name, type, ttl, isUnique: true, data };
}
