/// <reference lib="dom" />
import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import { movingClip } from "../support/clips.ts";
import { FakeCamera } from "../support/fake_camera.ts";
import { productCommand } from "../support/product_command.ts";
import { type Program, startProgram } from "../support/program.ts";
import { until } from "../support/until.ts";
import { violations } from "./axe.ts";
import { sharedChromium } from "./browser.ts";
import { screenshotPath } from "./screenshots.ts";
import { openStudio } from "./studio_page.ts";
import { ADMIN_TOKEN, administer } from "../support/requests.ts";

const browser = sharedChromium();

/** The real program with a camera that both it and its ffmpeg see. */
async function startWith(camera: FakeCamera, ...args: string[]): Promise<Program> {
  return await startProgram(
    [
      ...[`--source=${camera.device}`, "--resolution=640x480", "--fps=10"],
      ...[`--admin-token=${ADMIN_TOKEN}`, ...args],
    ],
    {
      command: await productCommand(),
      env: { ...camera.environment, PATH: camera.searchPath, FAKECAM_ALONE: "1" },
    },
  );
}

/** Waits until exactly these controls of the camera differ from their defaults. */
async function untilSet(camera: FakeCamera, values: Record<string, number>): Promise<void> {
  const wanted = JSON.stringify(Object.entries(values).sort());
  const text = async () => JSON.stringify(Object.entries(await camera.controls()).sort());
  await until(`controls ${wanted}`, text, (text) => text === wanted);
}

async function openPanel(page: Page): Promise<void> {
  await page.getByText("Camera controls").click();
  await page.getByLabel("Brightness", { exact: true }).waitFor();
}

Deno.test("camera controls follow --control and the studio, and survive a reconnected camera", async (t) => {
  await using camera = await FakeCamera.create({ clip: await movingClip(), fps: 10 });
  await using program = await startWith(camera, "--control=brightness=200,brightnes=1");
  const { page, complaints } = await openStudio(browser, program, {
    viewport: { width: 1280, height: 800 },
    colorScheme: "dark",
  });
  const panel = page.locator("#camera-controls");
  const slider = page.getByLabel("Brightness", { exact: true });
  const exposure = page.getByLabel("Exposure Time, Absolute", { exact: true });
  const values: Record<string, number> = { brightness: 200 };

  await t.step(
    "--control sets known controls, and the log lists the known ones for an unknown name",
    async () => {
      await untilSet(camera, values);
      assert.match(
        program.output(),
        /"warn","message":"Unknown camera control .*brightnes.*contrast/,
      );
    },
  );

  await t.step("panel shows the current value of each control", async () => {
    await openPanel(page);
    assert.equal(await slider.inputValue(), "200");
    assert.equal(await page.getByLabel("Brightness, number").inputValue(), "200");
    assert.ok(await page.getByLabel("Gain", { exact: true }).isDisabled());
    assert.ok(await exposure.isDisabled());
    assert.deepEqual(
      await page.getByLabel("Auto Exposure").locator("option").allTextContents(),
      ["Manual Mode", "Aperture Priority Mode"],
    );
    assert.deepEqual(await violations(page, "#camera-controls"), []);
    await page.screenshot({ path: await screenshotPath("studio_controls") });
  });

  await t.step(
    "panel fits a phone with thumb-sized targets, in light mode too, and keeps the preview in view",
    async () => {
      const width = 360;
      const phone = await openStudio(browser, program, {
        ...{ viewport: { width, height: 740 }, colorScheme: "light" },
        ...{ deviceScaleFactor: 2, isMobile: true, hasTouch: true },
      });
      const contrast = phone.page.getByLabel("Contrast", { exact: true });
      await openPanel(phone.page);
      assert.deepEqual(await violations(phone.page, "#camera-controls"), []);
      assert.ok(await phone.page.evaluate(() => document.documentElement.scrollWidth) <= width);
      const fields = phone.page.locator("#camera-controls").locator(
        "summary, button, input, select",
      );
      assert.ok(await fields.count() > 15);
      for (const field of await fields.all()) {
        const box = await field.boundingBox();
        const what = await field.evaluate((it) => it.outerHTML.slice(0, 120));
        assert.ok(box && box.height >= 32 && box.width >= 32, `${what} is small`);
        assert.ok(box.x >= 0 && box.x + box.width <= width, `${what} is cut off`);
      }
      for (const viewport of [{ width: 740, height: width }, { width, height: 740 }]) {
        await phone.page.setViewportSize(viewport);
        await phone.page.locator("#controls-reset").focus();
        await contrast.focus();
        const preview = await phone.page.locator(".preview").boundingBox();
        const field = await contrast.boundingBox();
        const places = JSON.stringify([viewport, preview, field]);
        assert.ok(preview!.y >= 0 && preview!.y + preview!.height <= field!.y, places);
      }
      await phone.page.screenshot({ path: await screenshotPath("studio_controls_phone") });
      assert.deepEqual(phone.complaints, []);
      await phone.page.context().close();
    },
  );

  await t.step(
    "every kind of field changes the camera and keeps the focus, by keyboard too",
    async () => {
      await slider.press("ArrowLeft");
      await untilSet(camera, { ...values, brightness: values.brightness = 199 });
      assert.ok(await slider.evaluate((it) => it === document.activeElement));
      await page.getByLabel("Pan, Absolute, number").fill("-7200");
      await page.keyboard.press("Enter");
      await untilSet(camera, { ...values, pan_absolute: values.pan_absolute = -7200 });
      await page.getByLabel("White Balance, Automatic").uncheck();
      await untilSet(camera, {
        ...values,
        white_balance_automatic: values.white_balance_automatic = 0,
      });
      await page.getByLabel("Power Line Frequency").selectOption("50 Hz");
      await untilSet(camera, { ...values, power_line_frequency: values.power_line_frequency = 1 });
      await page.getByLabel("Auto Exposure").selectOption("Manual Mode");
      await untilSet(camera, { ...values, auto_exposure: values.auto_exposure = 1 });
      await until("an active exposure", () => exposure.isEnabled(), (isEnabled) => isEnabled);
      await page.getByLabel("Exposure Time, Absolute, number").fill("99");
      await page.keyboard.press("Tab");
      await untilSet(camera, {
        ...values,
        exposure_time_absolute: values.exposure_time_absolute = 99,
      });
      await until("the slider", () => exposure.inputValue(), (text) => text === "99");
    },
  );

  await t.step("out-of-range value is refused with a reason, and the field reverts", async () => {
    await page.getByLabel("Brightness, number").fill("900");
    await page.keyboard.press("Enter");
    await page.getByRole("alert").getByText("from 0 to 255: 900").waitFor();
    await until(
      "199",
      () => page.getByLabel("Brightness, number").inputValue(),
      (it) => it === "199",
    );
    await untilSet(camera, values);
  });

  await t.step("dragged slider sends its newest value, not every value", async () => {
    let posts = 0;
    page.on("request", (request) => posts += Number(request.method() === "POST"));
    await slider.evaluate((it: HTMLInputElement) => {
      for (let value = 0; value <= 100; value++) {
        it.value = String(value);
        it.dispatchEvent(new Event("input"));
      }
    });
    await untilSet(camera, { ...values, brightness: values.brightness = 100 });
    assert.equal(posts, 2);
  });

  await t.step("reconnected camera gets all its controls back", async () => {
    await camera.unplug();
    await page.getByText(`Camera "${camera.device}" is not connected. Plug it in`).waitFor();
    await panel.getByText(`Cannot open ${camera.device} to read its controls`).waitFor();
    await camera.plugIn();
    await untilSet(camera, values);
    await until("the panel", () => slider.inputValue(), (text) => text === "100");
  });

  await t.step("briefly unplugged camera gets its controls back without a card", async () => {
    await camera.unplug();
    await new Promise((resolve) => setTimeout(resolve, 200));
    await camera.plugIn();
    await untilSet(camera, values);
  });

  await t.step("reopened panel shows changes made by another program", async () => {
    await camera.setControls({ ...values, brightness: 33 });
    await page.getByText("Camera controls").click();
    await page.getByText("Camera controls").click();
    await until("the panel", () => slider.inputValue(), (text) => text === "33");
  });

  await t.step("button control can be pressed, and reset restores all defaults", async () => {
    await page.getByRole("button", { name: "Pan, Reset" }).click();
    await untilSet(camera, { ...values, brightness: 33, pan_reset: 1 });
    await page.getByRole("button", { name: "Reset to defaults" }).click();
    await untilSet(camera, { pan_reset: 1 });
    await until("the panel", () => slider.inputValue(), (text) => text === "128");
    await until("an inactive exposure", () => exposure.isDisabled());
  });

  await t.step("panel says that a source other than a camera has no controls", async () => {
    await administer(program, "source", { source: "test" });
    await panel.getByText("Only a camera connected to this machine has controls").waitFor();
    assert.equal(await panel.getByRole("button").count(), 0);
    assert.deepEqual(await violations(page, "#camera-controls"), []);
  });
  // The browser's console logs each refusal.
  assert.deepEqual(complaints.filter((complaint) => !complaint.includes("409")), []);
});
