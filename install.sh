#!/bin/sh
# Installs Livestream: downloads the executable of a release, checks its SHA-256, and puts it into
# ~/.local/bin, or into /usr/local/bin if root runs it.
#
#   curl -fsSL https://github.com/{{REPOSITORY}}/releases/latest/download/install.sh | sh
#
# Replace `sh` by `sh -s -- --help` to list the options.
set -eu

releases='https://github.com/{{REPOSITORY}}/releases'
releases=${LIVESTREAM_BASE_URL:-$releases}

usage() {
  cat <<EOF
Usage: install.sh [options]

  --version X   version to install, such as 0.1.0 (default: the latest)
  --to DIR      folder to install into (default: ~/.local/bin; /usr/local/bin for root)
  --help        print this help

LIVESTREAM_BASE_URL: address of a mirror of the releases (default: $releases)
EOF
}

fail() {
  echo "$*" >&2
  exit 1
}

has() { command -v "$1" >/dev/null 2>&1; }

# Prints the name of this system's executable.
executable() {
  machine=$(uname -m)
  case $machine in
    x86_64 | amd64) processor=x86_64 ;;
    aarch64 | arm64) processor=aarch64 ;;
    *) fail "Cannot install on $machine: executables exist for x86_64 and arm64" ;;
  esac
  case $(uname -s) in
    Darwin) echo "livestream-$processor-apple-darwin" ;;
    Linux)
      case $(getconf GNU_LIBC_VERSION 2>/dev/null) in
        glibc*) ;;
        *) fail "Cannot install on this system: it has no glibc (Alpine and others use musl). Use the container image" ;;
      esac
      # A 64-bit kernel may run a 32-bit system, as on some Raspberry Pis.
      [ "$(getconf LONG_BIT)" = 64 ] || fail "Cannot install on a 32-bit system: install its 64-bit edition"
      echo "livestream-$processor-unknown-linux-gnu"
      ;;
    MINGW* | MSYS* | CYGWIN*)
      fail "Cannot install on Windows: download $(download_url livestream-x86_64-pc-windows-msvc.exe)"
      ;;
    *) fail "Cannot install on $(uname -s): executables exist for Linux, macOS and Windows" ;;
  esac
}

download_url() {
  if [ -n "$version" ]; then
    echo "$releases/download/v$version/$1"
  else
    echo "$releases/latest/download/$1"
  fi
}

# Downloads a file of the release to a path.
download() {
  url=$(download_url "$1")
  if has curl; then
    progress=--silent
    [ ! -t 2 ] || progress=--progress-bar
    curl --fail --location --show-error "$progress" --output "$2" "$url" || fail "Cannot download $url"
  elif has wget; then
    wget -q -O "$2" "$url" || fail "Cannot download $url"
  else
    fail "Cannot download: install curl or wget, and try again"
  fi
}

# Linux has sha256sum, macOS shasum.
sha256() {
  if has sha256sum; then sha256sum "$1"; else shasum -a 256 "$1"; fi | cut -d ' ' -f 1
}

# Prints the command that installs ffmpeg here.
ffmpeg_command() {
  sudo=''
  [ "$(id -u)" -eq 0 ] || sudo='sudo '
  if has apt-get; then
    echo "${sudo}apt-get install ffmpeg"
  elif has dnf; then
    echo "${sudo}dnf install ffmpeg-free"
  elif has pacman; then
    echo "${sudo}pacman -S ffmpeg"
  elif has brew; then
    echo "brew install ffmpeg"
  fi
}

# Offers to install ffmpeg. Someone who pipes this script into sh still answers on the terminal.
offer_ffmpeg() {
  command=$(ffmpeg_command)
  if [ -z "$command" ]; then
    echo "ffmpeg is missing: install it from https://ffmpeg.org"
  elif [ -t 1 ] && [ -r /dev/tty ]; then
    printf 'ffmpeg is missing. Run "%s" now? [y/N] ' "$command"
    read -r answer </dev/tty || answer=''
    case $answer in
      [yY]*) $command </dev/tty ;;
    esac
  else
    echo "ffmpeg is missing: install it with \"$command\""
  fi
}

# Cleans up after a failed installation.
clean_up() {
  [ -z "$new" ] || rm -rf "$new"
  [ -z "$made" ] || rmdir "$to"
}

main() {
  version=''
  to=''
  while [ $# -gt 0 ]; do
    case $1 in
      --help)
        usage
        exit
        ;;
      --version | --to)
        [ -n "${2:-}" ] || fail "$1 takes a value: see --help"
        case $1 in
          --version) version=${2#v} ;;
          --to) to=$2 ;;
        esac
        shift 2
        ;;
      *) fail "Unknown option \"$1\": see --help" ;;
    esac
  done
  case $releases in
    *'{{'*) fail "This install.sh is from the source code: use the one of a release, or set LIVESTREAM_BASE_URL" ;;
  esac
  if [ -z "$to" ]; then
    to=$HOME/.local/bin
    [ "$(id -u)" -ne 0 ] || to=/usr/local/bin
  fi

  file=$(executable)
  made=''
  new=''
  trap clean_up EXIT
  trap 'exit 129' HUP
  trap 'exit 130' INT
  trap 'exit 143' TERM
  if [ ! -d "$to" ]; then
    mkdir -p "$to" || fail "Cannot create $to: choose another folder with --to"
    made=yes
  fi
  # In the same file system, so that the new program replaces an old one at once, even a running one.
  new=$(mktemp -d "$to/.livestream.XXXXXX") || fail "Cannot write to $to: choose another folder with --to"

  download SHA256SUMS "$new/SHA256SUMS"
  expected=$(sed -n "s/^\([0-9a-f]\{64\}\)  $file\$/\1/p" "$new/SHA256SUMS")
  [ -n "$expected" ] || fail "Cannot verify $file: it is not listed in SHA256SUMS"
  echo "Downloading $file"
  download "$file" "$new/livestream"
  found=$(sha256 "$new/livestream")
  [ "$found" = "$expected" ] || fail "Not installed: the SHA-256 of $file is $found, not $expected"
  chmod 755 "$new/livestream"
  installed=$("$new/livestream" --version) || fail "Not installed: $file does not run here"
  mv -f "$new/livestream" "$to/livestream"
  made=''

  echo "Installed livestream $installed in $to"
  case :$PATH: in
    *:"$to":*) ;;
    *) echo "Add it to your PATH: export PATH=\"$to:\$PATH\"" ;;
  esac
  has ffmpeg || offer_ffmpeg
}

# Keep this last, so that nothing runs if the download of this script is cut off.
main "$@"
