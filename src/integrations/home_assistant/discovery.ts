/** What Home Assistant is to know. */
export interface DiscoveryOptions {
  /** Stays the same over restarts, and differs from that of others. */
  readonly id: string;
  /** The channel's title. */
  readonly title: string;
  /** The version of this program. */
  readonly version: string;
  /** Where the page is; `null` if that is not known. */
  readonly url: string | null;
  /** What all topics begin with. */
  readonly prefix: string;
}

/** Where each state is published, and where commands are taken. */
export interface Topics {
  /** `online` or `offline`. */
  readonly availability: string;
  /** `ON` or `OFF`. */
  readonly motion: string;
  /** A number. */
  readonly viewers: string;
  /** `ON` or `OFF`. */
  readonly onAir: string;
  /** Takes `ON` and `OFF`. */
  readonly setOnAir: string;
  /** A JPEG. */
  readonly snapshot: string;
  /** Each event as JSON. */
  readonly event: string;
}

/** Returns the topics below a prefix. */
export function topicsBelow(prefix: string): Topics {
  return {
    availability: `${prefix}/availability`,
    motion: `${prefix}/motion`,
    viewers: `${prefix}/viewers`,
    onAir: `${prefix}/on_air`,
    setOnAir: `${prefix}/on_air/set`,
    snapshot: `${prefix}/snapshot`,
    event: `${prefix}/event`,
  };
}

/** Home Assistant says there that it has started: https://www.home-assistant.io/integrations/mqtt/#birth-and-last-will-messages */
export const BIRTH_TOPIC = "homeassistant/status";

/** One message of discovery. */
export interface Discovery {
  /** Where it is published, retained. */
  readonly topic: string;
  /** What it says, as JSON. */
  readonly config: Readonly<Record<string, unknown>>;
}

/**
 * Returns the messages by which Home Assistant learns what there is; see
 * https://www.home-assistant.io/integrations/mqtt/#mqtt-discovery.
 */
export function discoveries(options: DiscoveryOptions): Discovery[] {
  const { id, title, version, url, prefix } = options;
  const topics = topicsBelow(prefix);
  const shared = {
    availability_topic: topics.availability,
    device: {
      identifiers: [`livestream_${id}`],
      name: title,
      manufacturer: "livestream",
      model: "Camera",
      sw_version: version,
      ...(url === null ? {} : { configuration_url: url }),
    },
    origin: { name: "livestream", sw_version: version },
  };
  const entity = (component: string, name: string, own: Readonly<Record<string, unknown>>) => {
    const object = `livestream_${id}`;
    return {
      topic: `homeassistant/${component}/${object}/${name}/config`,
      config: { unique_id: `${object}_${name}`, ...own, ...shared },
    };
  };
  return [
    entity("binary_sensor", "motion", {
      name: "Motion",
      device_class: "motion",
      state_topic: topics.motion,
    }),
    entity("sensor", "viewers", {
      name: "Viewers",
      icon: "mdi:eye",
      state_class: "measurement",
      state_topic: topics.viewers,
    }),
    entity("switch", "on_air", {
      name: "On air",
      icon: "mdi:broadcast",
      state_topic: topics.onAir,
      command_topic: topics.setOnAir,
    }),
    entity("camera", "snapshot", { name: "Snapshot", topic: topics.snapshot }),
  ];
}
