# `make help` lists the targets. A target installs what it lacks: tools/deno installs Deno into
# .deno, and tools/setup everything else through the system's package manager.

# Options of the program: make run ARGS="--port 9000"
ARGS ?=

DENO := tools/deno
# Compiles the executables; any Deno from 2.6 on.
DENO_COMPILER ?= $(DENO)

# The fewest permissions that suffice. The program gives up those needed only at start
# (src/permissions.ts).
# net: addresses to listen on; one thread keeps those to connect to, another those to answer multicast DNS to.
# run: ffmpeg; at start, for --open, what opens a browser on Linux, macOS and Windows.
# ffi: functions of the C library, which report on connections, end them and ffmpeg, set the camera's controls, and
#   restart the program. It cannot name the library, because Deno would look for it in the working
#   folder. Code that can call it can do all that the user may, whatever the other permissions.
# read, write: the data file, wherever --data puts it, which only the run knows.
# env: options, the location of a user's data, systemd's notifications, and whether there is a desktop.
# sys: the addresses to show and the host name; at start, the size of the memory; how much of the disk is free for
#   recordings.
PERMISSIONS := --no-prompt --allow-net='0.0.0.0/0,0.0.0.0,127.0.0.1,localhost,[::],[::1]' \
	--allow-run=ffmpeg,xdg-open,open,rundll32 --allow-ffi --allow-read --allow-write \
	--allow-env='LIVESTREAM_*,HOME,XDG_DATA_HOME,APPDATA,LOCALAPPDATA,NOTIFY_SOCKET,WATCHDOG_USEC,WATCHDOG_PID,DISPLAY,WAYLAND_DISPLAY' \
	--allow-sys=networkInterfaces,hostname,systemMemoryInfo,statfs

# Where the program and its threads start.
MODULES := main.ts src/transcode/worker.ts src/watchdog/worker.ts src/net/connections/flood_worker.ts src/consumers/recording/worker.ts \
	src/discovery/worker.ts src/outgoing/worker.ts src/consumers/hls/folder_worker.ts

# Read or started while the program runs: workers, pages, licences, data beside the code.
INCLUDES := $(filter-out main.ts,$(MODULES)) static LICENSE THIRD_PARTY_LICENSES \
	$(wildcard src/*/*.ttf)

# A cache for Deno that has of each npm package only what runs.
SLIM_CACHE := $(CURDIR)/.cache/executable

# --frozen, --cached-only: the executable contains the versions of the lock file.
# --no-check: `make check` checks types.
# --no-code-cache: the executable would look for the cache under a fixed name in /tmp, where anyone
#   can put code for it to run.
COMPILE = DENO_DIR='$(SLIM_CACHE)' $(DENO_COMPILER) compile --quiet --frozen --cached-only --no-check \
	--no-code-cache $(PERMISSIONS) $(INCLUDES:%=--include %) --exclude static/deno.json

# Prints name, system and size of an executable.
DESCRIBE = $(DENO) run --quiet --allow-read tools/describe_executable.ts

TARGETS := x86_64-unknown-linux-gnu aarch64-unknown-linux-gnu x86_64-apple-darwin \
	aarch64-apple-darwin x86_64-pc-windows-msvc

# An executable that tests the permissions from inside.
INFILTRATED := tests/output/infiltrated
# An executable of Deno's runtime alone.
BARE := tests/output/bare

TEST_TOOLS := ffmpeg chromium cc curl libc-headers djpeg ip tc ps ss nginx nginx-rtmp srt-live-transmit caddy mosquitto mosquitto_sub strace systemd-analyze busybox shellcheck pulseaudio pactl avahi-daemon avahi-browse dbus-daemon

.DEFAULT_GOAL := help
.PHONY: help kernel run test test-executable check compile compile-all bench soak pictures smoke-test release-files licenses test-unit coverage test-package deb clean setup-run setup-test

help:
	@echo 'make run                  install what is missing, then stream on port 8081'
	@echo 'make run ARGS="--help"    list the options; make run ARGS="--port 9000" sets one'
	@echo 'make test                 install what the tests need, then run every test'
	@echo 'make test FILE=tests/…    run the tests of one file or folder'
	@echo 'make test-unit            run the tests that need nothing but Deno'
	@echo 'make coverage             list the lines covered by unit and integration tests, by folder'
	@echo 'make check                check formatting, lint and types'
	@echo 'make compile              build ./livestream, one file to copy anywhere'
	@echo 'make compile-all          build it for Linux, macOS and Windows, into dist/'
	@echo 'make deb ARCH=arm64       build the Debian package into dist/ (default: ARCH=amd64)'
	@echo 'make release-files        add checksums, install.sh and manifests for REPOSITORY=owner/name to dist/'
	@echo 'make licenses             update THIRD_PARTY_LICENSES'
	@echo 'make test-executable      test ./livestream'
	@echo 'make smoke-test           check that ./livestream runs on this system'
	@echo 'make test-package         build and test the Debian package (as root, on Debian)'
	@echo 'make bench                run the benchmarks'
	@echo 'make soak MINUTES=10      run viewers and faults for 10 minutes, then check for leaks'
	@echo 'make pictures             take the screenshots in docs/images'
	@echo 'make clean                remove everything built or installed here'

run: setup-run
	@exec $(DENO) run --quiet $(PERMISSIONS) main.ts $(ARGS)

# Runs tests; tools/test.ts says how. FILE= names a file or folder of them.
TEST = $(DENO) run --quiet --allow-all tools/test.ts
FILE ?=

test: setup-test
	@$(TEST) $(FILE)

test-unit:
	@$(TEST) --unit $(FILE)

# Lines covered by tests that run the server's code in their own process. Counting slows the code, so
# tests with time limits may fail here.
COVERAGE := tests/output/coverage

coverage: setup-test
	@rm -rf $(COVERAGE)
	-@$(TEST) --unit --coverage=$(COVERAGE)
	-@$(TEST) --coverage=$(COVERAGE) tests/integration
	@$(DENO) run --quiet --allow-all tools/coverage.ts $(COVERAGE)

# Not part of `make test`: it tests the result of `make compile`, and one with an intruder in it.
test-executable: setup-test $(INFILTRATED) $(BARE)
	@TESTED_EXECUTABLE="$(CURDIR)/livestream" INFILTRATED_EXECUTABLE="$(CURDIR)/$(INFILTRATED)" \
		BARE_EXECUTABLE="$(CURDIR)/$(BARE)" $(TEST) tests/compiled

# Needs no more than ffmpeg, so that it runs on every system.
EXECUTABLE ?= livestream

smoke-test: setup-run
	@TESTED_EXECUTABLE="$(abspath $(EXECUTABLE))" \
		$(DENO) test --allow-all --no-check tests/compiled/smoke_test.ts

check:
	$(DENO) fmt --check
	$(DENO) lint
	$(DENO) check
	@echo 'deno doc --lint src'
	@$(DENO) doc --quiet --lint $$(find src -name '*.ts' ! -name '*.d.ts') >/dev/null

.PHONY: slim-cache
slim-cache:
	@$(DENO) run --quiet --allow-all tools/slim_npm.ts '$(SLIM_CACHE)' $(MODULES)

THIRD_PARTY_LICENSES := THIRD_PARTY_LICENSES

licenses:
	@$(DENO) run --quiet --allow-all tools/third_party_licenses.ts '$(THIRD_PARTY_LICENSES)' $(MODULES)

compile: slim-cache
	@$(COMPILE) --output livestream main.ts
	@$(DESCRIBE) livestream

.PHONY: $(INFILTRATED) $(BARE)
$(INFILTRATED): slim-cache
	$(COMPILE) --output $@ tests/support/infiltrated_program.ts

$(BARE):
	$(DENO_COMPILER) compile --quiet --no-config --no-check --output $@ tests/support/bare_program.ts

compile-all: $(TARGETS:%=dist/%)

# Always rebuilt: the compiler is fast, and its inputs are many.
.PHONY: $(TARGETS:%=dist/%)
$(TARGETS:%=dist/%): dist/%: slim-cache
	@$(COMPILE) --target $* --output dist/livestream-$* main.ts
	@$(DESCRIBE) dist/livestream-$*

# Debian's name of the package's architecture: amd64 or arm64.
ARCH ?= amd64
DEB_TARGET = $(if $(filter amd64,$(ARCH)),x86_64,$(if $(filter arm64,$(ARCH)),aarch64,$(error \
	No package for ARCH=$(ARCH): give amd64 or arm64)))-unknown-linux-gnu

# Packages the executable for that target that is in dist/ already, or else builds it.
deb:
	@tools/setup dpkg-deb help2man
	@[ -e dist/livestream-$(DEB_TARGET) ] || $(MAKE) dist/$(DEB_TARGET)
	tools/make_deb $(ARCH) dist/livestream-$(DEB_TARGET)

# Needs root. Packages the current source for this machine.
test-package: dist/x86_64-unknown-linux-gnu deb
	@tools/setup $(TEST_TOOLS) lintian mmdebstrap systemd-nspawn
	@TESTED_PACKAGE="$$(ls -t dist/livestream_*_amd64.deb | head -n 1)" $(TEST) tests/package

# Where the release is published, owner/name on GitHub, and its tag.
REPOSITORY ?=
TAG ?=

# For a dist/ with all executables and packages.
release-files:
	@$(DENO) run --quiet --allow-read --allow-write=dist tools/release_files.ts '$(REPOSITORY)' $(TAG)

# Needs clang and lld. The result is in the repository, so that other targets do not need them.
kernel:
	src/media/jpeg/kernel/build.sh

# Duration of `make soak`.
MINUTES ?= 10

soak: setup-test
	@$(DENO) run --quiet --allow-all tests/soak/main.ts $(MINUTES)

bench: setup-test
	@for bench in tests/bench/*_bench.ts; do $(DENO) run --allow-all $$bench || exit 1; done

# Needs an idle machine: the animation is filmed in real time.
pictures: setup-test
	@$(DENO) run --quiet --allow-all tests/docs/pictures.ts

clean:
	rm -rf .deno .cache dist livestream livestream.exe tests/output

setup-run:
	@tools/setup ffmpeg
	@$(DENO) --version >/dev/null

setup-test:
	@tools/setup $(TEST_TOOLS)
	@$(DENO) --version >/dev/null
