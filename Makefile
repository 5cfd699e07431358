# `make help` lists what can be done. What a target needs is installed where it is missing: Deno
# into .deno by tools/deno, all else by the system's package manager by tools/setup.

# Options of the program: make run ARGS="--port 9000"
ARGS ?=

DENO := tools/deno
# What compiles the executables; any Deno from 2.6 on.
DENO_COMPILER ?= $(DENO)

# The least that does the job. What only the start needs is given up after it (src/permissions.ts).
# net: what may be listened on; run: ffmpeg, and ss, which tells how much a viewer has not received
# yet; ffi: functions of the C library, which end connections and ffmpeg, set the camera's controls,
# and restart the program; read, write: what is kept of the channel, wherever --data says, which only
# the run knows; env: our own settings, where the system keeps a user's data, and what systemd asks of
# a service; sys: the addresses to show and the name to be found by. ffi cannot name the C library, as
# Deno would look for it in the working folder; and whoever can call that library can do all that the
# user may, whatever the other permissions say.
PERMISSIONS := --no-prompt --allow-net='0.0.0.0/0,0.0.0.0,127.0.0.1,localhost,[::],[::1]' \
	--allow-run=ffmpeg,ss --allow-ffi --allow-read --allow-write \
	--allow-env='LIVESTREAM_*,HOME,XDG_DATA_HOME,APPDATA,LOCALAPPDATA,NOTIFY_SOCKET,WATCHDOG_USEC,WATCHDOG_PID' \
	--allow-sys=networkInterfaces,hostname

# What is read or started while the program runs: pages, the workers, data beside the code.
INCLUDES := static src/transcode/worker.ts src/watchdog/worker.ts src/net/connections/flood_worker.ts $(wildcard src/*/*.ttf)

# ImageScript's native encoders, which the program never loads (src/pictures/imagescript.ts).
ENCODERS = $(shell $(DENO_COMPILER) eval --quiet 'import { fileURLToPath } from "node:url"; \
	console.log(fileURLToPath(import.meta.resolve("imagescript/codecs/node/bin")))')

# Without the lock file, whose every package would be carried, those of the tests too; all versions
# are pinned in deno.json. Types are checked by `make check`. Without the code cache, which the
# executable would look for under a fixed name in /tmp, where anyone can put code for it to run.
COMPILE = $(DENO_COMPILER) compile --quiet --no-lock --no-check --no-code-cache $(PERMISSIONS) \
	$(INCLUDES:%=--include %) --exclude static/deno.json --exclude '$(ENCODERS)'

TARGETS := x86_64-unknown-linux-gnu aarch64-unknown-linux-gnu x86_64-apple-darwin \
	aarch64-apple-darwin x86_64-pc-windows-msvc

# What tests the permissions of the executable from inside.
INFILTRATED := tests/output/infiltrated

TEST_TOOLS := ffmpeg chromium cc curl libc-headers djpeg ip tc ps ss nginx caddy strace systemd-analyze

.DEFAULT_GOAL := help
.PHONY: help kernel run test test-executable check compile compile-all bench soak clean setup-run setup-test

help:
	@echo 'make run                  install what is missing, then stream on port 8081'
	@echo 'make run ARGS="--help"    the options; make run ARGS="--port 9000" sets one'
	@echo 'make test                 install what the tests need, then run every test'
	@echo 'make check                formatting, lint and types'
	@echo 'make compile              ./livestream, one file to copy anywhere'
	@echo 'make compile-all          the same for Linux, macOS and Windows, into dist/'
	@echo 'make test-executable      test ./livestream'
	@echo 'make bench                measure'
	@echo 'make soak MINUTES=10      viewers and faults for so many minutes, and what they leave'
	@echo 'make clean                remove what was made and installed here'

run: setup-run
	@exec $(DENO) run --quiet $(PERMISSIONS) main.ts $(ARGS)

# In real time: with real cameras, links or browsers.
REAL_TIME := tests/soak tests/producers tests/e2e tests/faults tests/attacks
# Attacks whose test mostly waits for the server to end them.
WAITING := tests/attacks/http2_window_test.ts tests/attacks/http2_streams_test.ts
comma := ,
space := $(subst ,, )

test: setup-test
	@tools/test +tests/soak "--ignore=tests/compiled,$(subst $(space),$(comma),$(REAL_TIME)) tests" \
		tests/e2e +tests/producers tests/faults "+$(WAITING)" "--ignore=$(subst $(space),$(comma),$(WAITING)) tests/attacks"

# Not part of `make test`: it tests what `make compile` made, and the same with an intruder in it.
test-executable: setup-test $(INFILTRATED)
	@TESTED_EXECUTABLE="$(CURDIR)/livestream" INFILTRATED_EXECUTABLE="$(CURDIR)/$(INFILTRATED)" \
		tools/test tests/compiled

check:
	$(DENO) fmt --check
	$(DENO) lint
	$(DENO) check

compile:
	$(COMPILE) --output livestream main.ts

.PHONY: $(INFILTRATED)
$(INFILTRATED):
	$(COMPILE) --output $@ tests/support/infiltrated_program.ts

compile-all: $(TARGETS:%=dist/%)

# Always made anew: the compiler is quick, and its inputs are many.
.PHONY: $(TARGETS:%=dist/%)
$(TARGETS:%=dist/%): dist/%:
	$(COMPILE) --target $* --output dist/livestream-$* main.ts

# Needs clang and lld. What it makes is in the repository, so that nobody else needs them.
kernel:
	src/media/jpeg/kernel/build.sh

# How long `make soak` takes.
MINUTES ?= 10

soak: setup-test
	@$(DENO) run --quiet --allow-all tests/soak/main.ts $(MINUTES)

bench: setup-test
	@for bench in tests/bench/*_bench.ts; do $(DENO) run --allow-all $$bench || exit 1; done

clean:
	rm -rf .deno .cache dist livestream livestream.exe tests/output

setup-run:
	@tools/setup ffmpeg 'ss?'
	@$(DENO) --version >/dev/null

setup-test:
	@tools/setup $(TEST_TOOLS)
	@$(DENO) --version >/dev/null
