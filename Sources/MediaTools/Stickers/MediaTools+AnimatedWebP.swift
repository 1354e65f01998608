extension MediaTools {
    /// Frames a second of what is made from an animated sticker.
    private static let rate = 12
    private static let secondsLimit = 10
    /// Decoded bytes of all frames together.
    private static let pixelBytesLimit = 128 << 20

    /// A video, with opacity, of an animated WebP.
    ///
    /// ffmpeg does not read these: dwebp decodes the frames, they are put together here, and ffmpeg takes the pixels.
    func video(from animation: AnimatedWebP, for key: String) async throws(ToolError) -> [UInt8] {
        try await animations.run(for: key) { () throws(ToolError) in try await film(animation, for: key) }
    }

    private func film(_ animation: AnimatedWebP, for key: String) async throws(ToolError) -> [UInt8] {
        let canvasBytes = animation.width * animation.height * 4
        let frameLimit = max(1, Self.pixelBytesLimit / canvasBytes)
        let animation = animation.shortened(toMilliseconds: Self.secondsLimit * 1_000, frames: frameLimit)
        let decoded = try await decode(animation, for: key)
        let raw = try await Self.compose(animation, decoded, rate: Self.rate, limit: frameLimit)
        var order = FFmpegOrder.make(
            paths.ffmpeg,
            raw,
            demuxer: "rawvideo",
            inputOptions: [
                "-pixel_format", "rgba", "-video_size", "\(animation.width)x\(animation.height)", "-framerate",
                "\(Self.rate)",
            ],
            outputOptions: ["-c:v", "ffv1", "-pix_fmt", "bgra", "-f", "matroska"],
            result: "frames.mkv"
        )
        order.limits.inputBytes = Self.pixelBytesLimit + 1
        return try await runner.run(order, for: key)
    }

    /// All frames, decoded by one run.
    private func decode(_ animation: AnimatedWebP, for key: String) async throws(ToolError) -> [UInt8] {
        var order = ToolOrder(
            "/bin/sh",
            [
                "-c",
                #"""
                program=$1; shift; start=1
                for length; do
                    tail -c +$start /in/frames | head -c $length | "$program" -quiet -pam -o - -- - || exit 1
                    start=$((start + length))
                done
                """#,
                "sh", paths.dwebp,
            ] + animation.frames.map { "\($0.file.count)" }
        )
        order.inputs = [ToolOrder.Input("frames", animation.frames.flatMap(\.file))]
        order.limits = ToolLimits(wallTime: .seconds(30), outputBytes: Self.pixelBytesLimit)
        return try await runner.run(order, for: key)
    }

    /// The whole pictures one after another, as many a second as `rate` says.
    private static func compose(
        _ animation: AnimatedWebP,
        _ decoded: [UInt8],
        rate: Int,
        limit: Int
    ) async throws(ToolError) -> [UInt8] {
        var canvas = FrameCanvas(width: animation.width, height: animation.height)
        var raw: [UInt8] = []
        var position = 0
        var time = 0
        var count = 0
        for frame in animation.frames {
            guard let picture = PAMPicture(decoded, at: position) else { throw .unsupportedInput }
            // Others may go on between two pictures.
            await Task.yield()
            position = picture.end
            canvas.draw(picture, x: frame.x, y: frame.y, isBlended: frame.isBlended)
            time += max(10, frame.milliseconds)
            while count < limit, count * 1_000 < time * rate {
                raw += canvas.pixels
                count += 1
            }
            if frame.isDisposed {
                canvas.clear(x: frame.x, y: frame.y, width: picture.width, height: picture.height)
            }
        }
        return raw
    }
}

extension AnimatedWebP {
    /// What plays within a time.
    fileprivate func shortened(toMilliseconds limit: Int, frames count: Int) -> AnimatedWebP {
        var time = 0
        var kept: [Frame] = []
        for frame in frames.prefix(count) where time < limit {
            var frame = frame
            frame.milliseconds = min(max(10, frame.milliseconds), limit - time)
            time += frame.milliseconds
            kept.append(frame)
        }
        return AnimatedWebP(width: width, height: height, frames: kept)
    }

    private init(width: Int, height: Int, frames: [Frame]) {
        self.width = width
        self.height = height
        self.frames = frames
    }
}
