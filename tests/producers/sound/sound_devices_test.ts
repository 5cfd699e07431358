import assert from "node:assert/strict";
import {
  defaultMicrophone,
  findSoundDevice,
  hasSoundServer,
  parseAlsaSources,
  parseAvfoundationSound,
  parseDshowSound,
  parsePulseSources,
} from "../../../src/producers/sound/sound_devices.ts";

const PULSE_5 = `Auto-detected sources for pulse:
  alsa_output.pci-0000_00_1f.3.analog-stereo.monitor [Monitor of Built-in Audio Analog Stereo] (none)
  alsa_input.pci-0000_00_1f.3.analog-stereo [Built-in Audio Analog Stereo] (none)
* alsa_input.usb-046d_HD_Webcam_C525-02.mono-fallback [HD Webcam C525 [x] Mono] (none)
`;

/** Version 4 writes no kinds of media. */
const PULSE_4 = PULSE_5.replaceAll(" (none)", "");

for (const [version, text] of [["5", PULSE_5], ["4", PULSE_4]]) {
  Deno.test(`parsePulseSources of ffmpeg ${version} gives microphones, then what loudspeakers play`, () => {
    const devices = parsePulseSources(text);
    assert.deepEqual(
      devices.map(({ device, name, isDefault, isMonitor }) => [device, name, isDefault, isMonitor]),
      [
        [
          "alsa_input.pci-0000_00_1f.3.analog-stereo",
          "Built-in Audio Analog Stereo",
          false,
          false,
        ],
        [
          "alsa_input.usb-046d_HD_Webcam_C525-02.mono-fallback",
          "HD Webcam C525 [x] Mono",
          true,
          false,
        ],
        [
          "alsa_output.pci-0000_00_1f.3.analog-stereo.monitor",
          "Monitor of Built-in Audio Analog Stereo",
          false,
          true,
        ],
      ],
    );
    assert.equal(defaultMicrophone(devices)?.name, "HD Webcam C525 [x] Mono");
  });
}

Deno.test("hasSoundServer tells an empty list from no answer", () => {
  assert.equal(hasSoundServer(PULSE_5), true);
  const none = "Auto-detected sources for pulse:\nCannot list sources: Cannot allocate memory\n";
  assert.equal(hasSoundServer(none), true);
  const refused =
    "Auto-detected sources for pulse:\nCannot list sources: Generic error in an external library\n";
  assert.equal(hasSoundServer(refused), false);
  assert.equal(hasSoundServer("Device name is not provided or unknown: pulse\n"), false);
});

Deno.test("parseAlsaSources gives the default and each card once", () => {
  const text = `Auto-detected sources for alsa:
  null [Discard all samples (playback) or generate zero samples (capture)] (none)
* default [Default ALSA Output (currently PulseAudio Sound Server)] (none)
  sysdefault:CARD=PCH [HDA Intel PCH, ALC295 Analog Default Audio Device] (none)
  front:CARD=PCH,DEV=0 [HDA Intel PCH, ALC295 Analog Front output / input] (none)
  hw:CARD=PCH,DEV=0 [HDA Intel PCH, ALC295 Analog Direct hardware device without any conversions] (none)
  plughw:CARD=PCH,DEV=0 [HDA Intel PCH, ALC295 Analog Hardware device with all software conversions] (none)
`;
  assert.deepEqual(
    parseAlsaSources(text).map(({ device, name, isDefault }) => [device, name, isDefault]),
    [
      ["default", "Default ALSA Output (currently PulseAudio Sound Server)", true],
      ["plughw:CARD=PCH,DEV=0", "HDA Intel PCH, ALC295 Analog", false],
    ],
  );
});

Deno.test("parseAvfoundationSound gives microphones, no cameras", () => {
  const text = `[AVFoundation indev @ 0x7fc3d2c04c00] AVFoundation video devices:
[AVFoundation indev @ 0x7fc3d2c04c00] [0] FaceTime HD Camera
[AVFoundation indev @ 0x7fc3d2c04c00] [1] Capture screen 0
[AVFoundation indev @ 0x7fc3d2c04c00] AVFoundation audio devices:
[AVFoundation indev @ 0x7fc3d2c04c00] [0] MacBook Pro Microphone
[AVFoundation indev @ 0x7fc3d2c04c00] [1] BlackHole 2ch
: Input/output error
`;
  assert.deepEqual(
    parseAvfoundationSound(text).map(({ device, name, isDefault }) => [device, name, isDefault]),
    [["0", "MacBook Pro Microphone", true], ["1", "BlackHole 2ch", false]],
  );
});

for (
  const [version, text] of [
    [
      "4",
      `[dshow @ 000001d0] DirectShow video devices (some may be both video and audio devices)
[dshow @ 000001d0]  "Integrated Camera"
[dshow @ 000001d0]     Alternative name "@device_pnp_\\\\?\\usb#vid_04f2"
[dshow @ 000001d0] DirectShow audio devices
[dshow @ 000001d0]  "Microphone (Realtek Audio)"
[dshow @ 000001d0]     Alternative name "@device_cm_{33D9A762-90C8}\\wave_{1}"
[dshow @ 000001d0]  "Microphone (Realtek Audio)"
[dshow @ 000001d0]     Alternative name "@device_cm_{33D9A762-90C8}\\wave_{2}"
dummy: Immediate exit requested
`,
    ],
    [
      "7",
      `[dshow @ 000001d0] "Integrated Camera" (video)
[dshow @ 000001d0]   Alternative name "@device_pnp_\\\\?\\usb#vid_04f2"
[in#0 @ 000001d0] "Microphone (Realtek Audio)" (audio)
[in#0 @ 000001d0]   Alternative name "@device_cm_{33D9A762-90C8}\\wave_{1}"
[in#0 @ 000001d0] "Microphone (Realtek Audio)" (audio)
[in#0 @ 000001d0]   Alternative name "@device_cm_{33D9A762-90C8}\\wave_{2}"
Error opening input file dummy.
`,
    ],
  ]
) {
  Deno.test(`parseDshowSound of ffmpeg ${version} gives microphones, the second of a name by its other name`, () => {
    assert.deepEqual(
      parseDshowSound(text).map(({ device, name, isDefault }) => [device, name, isDefault]),
      [
        ["Microphone (Realtek Audio)", "Microphone (Realtek Audio)", true],
        ["@device_cm_{33D9A762-90C8}\\wave_{2}", "Microphone (Realtek Audio)", false],
      ],
    );
  });
}

Deno.test("defaultMicrophone never gives what a loudspeaker plays", () => {
  const monitor =
    "Auto-detected sources for pulse:\n* speaker.monitor [Monitor of Speaker] (none)\n";
  assert.equal(defaultMicrophone(parsePulseSources(monitor)), null);
});

for (
  const [wanted, name] of [
    ["alsa_input.pci-0000_00_1f.3.analog-stereo", "Built-in Audio Analog Stereo"],
    ["built-in audio analog stereo", "Built-in Audio Analog Stereo"],
    ["1", "HD Webcam C525 [x] Mono"],
    ["webcam", "HD Webcam C525 [x] Mono"],
    ["Monitor of", "Monitor of Built-in Audio Analog Stereo"],
    ["9", null],
    ["USB", null],
  ]
) {
  Deno.test(`findSoundDevice finds ${wanted}`, () => {
    assert.equal(findSoundDevice(parsePulseSources(PULSE_5), wanted!)?.name ?? null, name);
  });
}
