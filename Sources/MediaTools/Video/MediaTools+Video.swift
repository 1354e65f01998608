extension MediaTools {
    /// Longer videos are cut.
    private static let videoSeconds = 600
    private static let loopSeconds = 30
    private static let even = "scale='trunc(iw/2)*2':'trunc(ih/2)*2',format=yuv420p"
    private static let small = "scale='min(iw,1280)':'min(ih,1280)':force_original_aspect_ratio=decrease"
    private static let encoder = ["-c:v", "libx264", "-preset", "veryfast", "-crf", "26"]

    /// An MP4 that phones play, of a video, a GIF or an animated sticker.
    package func video(from bytes: [UInt8], for key: String) async throws(ToolError) -> [UInt8] {
        try await run(
            try await moving(bytes, for: key),
            inputOptions: ["-t", "\(Self.videoSeconds)"],
            ["-vf", "\(Self.small),\(Self.even)"] + Self.encoder + [
                "-c:a", "aac", "-b:a", "96k", "-movflags", "+faststart", "-f", "mp4",
            ],
            result: "video.mp4",
            limits: ToolLimits(wallTime: .seconds(120)),
            for: key
        )
    }

    /// A silent MP4 that phones play as a loop.
    package func loop(from bytes: [UInt8], for key: String) async throws(ToolError) -> [UInt8] {
        try await run(
            try await moving(bytes, for: key),
            inputOptions: ["-t", "\(Self.loopSeconds)"],
            ["-an", "-vf", "scale='min(iw,640)':'min(ih,640)':force_original_aspect_ratio=decrease,\(Self.even)"]
                + Self.encoder + ["-movflags", "+faststart", "-f", "mp4"],
            result: "loop.mp4",
            limits: ToolLimits(wallTime: .seconds(60)),
            for: key
        )
    }

    /// The same, or a video in its place where ffmpeg does not read it.
    private func moving(_ bytes: [UInt8], for key: String) async throws(ToolError) -> [UInt8] {
        guard let format = InputFormat(bytes) else { throw .unsupportedInput }
        if format == .webp, let animation = try AnimatedWebP(bytes) {
            return try await video(from: animation, for: key)
        }
        guard format.isMoving else { throw .unsupportedInput }
        return bytes
    }
}
