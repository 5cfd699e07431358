class Livestream < Formula
  desc "Live channel of a webcam for everyone on the network"
  homepage "https://github.com/{{REPOSITORY}}"
  version "{{VERSION}}"
  license "MIT"

  depends_on "ffmpeg"

  on_macos do
    on_arm do
      url "{{DOWNLOADS}}/livestream-aarch64-apple-darwin"
      sha256 "{{SHA256 livestream-aarch64-apple-darwin}}"
    end
    on_intel do
      url "{{DOWNLOADS}}/livestream-x86_64-apple-darwin"
      sha256 "{{SHA256 livestream-x86_64-apple-darwin}}"
    end
  end

  on_linux do
    on_arm do
      url "{{DOWNLOADS}}/livestream-aarch64-unknown-linux-gnu"
      sha256 "{{SHA256 livestream-aarch64-unknown-linux-gnu}}"
    end
    on_intel do
      url "{{DOWNLOADS}}/livestream-x86_64-unknown-linux-gnu"
      sha256 "{{SHA256 livestream-x86_64-unknown-linux-gnu}}"
    end
  end

  def install
    bin.install Dir["livestream-*"].first => "livestream"
  end

  test do
    assert_match version.to_s, shell_output("#{bin}/livestream --version")
  end
end
