import { element } from "../dom.js";
import { text } from "../text.js";

/** @typedef {import("../video_choice.js").VideoChoice} VideoChoice */
/** @typedef {import("../video_choice.js").Codec} Codec */

/**
 * Adds the choice between JPEG and H.264, beside that of the language.
 *
 * @param {VideoChoice} video
 * @param {() => void} onChoice
 */
export function showVideoMenu(video, onChoice) {
  const names = { auto: text("watch.settings.video.auto"), jpeg: "JPEG", h264: "H.264" };
  const select = element("select");
  for (const [codec, name] of Object.entries(names)) select.add(new Option(name, codec));
  select.value = video.chosen;
  select.addEventListener("change", () => {
    video.choose(/** @type {Codec} */ (select.value));
    onChoice();
  });
  const label = element("label", text("watch.settings.video"), "video-choice");
  label.append(select);
  document.querySelector("#settings .language")?.append(label);
}
