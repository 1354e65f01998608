extension MediaTools {
    private static let faceSide = 96

    /// A sticker that shows a text, standing still or going through the colours.
    package func textSticker(
        _ text: String,
        isAnimated: Bool,
        for key: String
    ) async throws(ToolError) -> MadeSticker {
        let options =
            isAnimated
            ? [
                "-vf", "format=yuva444p,loop=loop=11:size=1:start=0,setpts=N/8/TB,hue=h=n*30", "-r", "8", "-c:v",
                "libwebp_anim", "-quality", "60", "-loop", "0", "-f", "webp",
            ] : ["-frames:v", "1", "-c:v", "libwebp", "-quality", "85", "-f", "image2"]
        let webp = try await drawn(StickerDrawing.text(text), options)
            .run(with: runner, for: key)
        return MadeSticker(webp: webp, isAnimated: isAnimated)
    }

    /// A sticker that shows a message as a bubble, with a face where there is one.
    package func quoteSticker(
        name: String,
        text: String,
        face: [UInt8]?,
        for key: String
    ) async throws(ToolError) -> MadeSticker {
        var small: [UInt8]?
        if let face {
            let side = Self.faceSide
            small = try await run(
                face,
                [
                    "-frames:v", "1", "-vf",
                    "scale=\(side):\(side):force_original_aspect_ratio=increase,crop=\(side):\(side)", "-c:v", "png",
                    "-f", "image2",
                ],
                result: "face.png",
                for: key
            )
        }
        let drawing = StickerDrawing.quote(name: name, text: text, face: small.map { ($0, "image/png") })
        let webp = try await drawn(drawing, ["-frames:v", "1", "-c:v", "libwebp", "-quality", "85", "-f", "image2"])
            .run(with: runner, for: key)
        return MadeSticker(webp: webp, isAnimated: false)
    }

    private func drawn(_ svg: String, _ options: [String]) -> ToolOrder {
        FFmpegOrder.make(
            paths.ffmpeg,
            Array(svg.utf8),
            demuxer: "svg_pipe",
            outputOptions: options,
            result: "sticker.webp"
        )
    }
}

extension ToolOrder {
    fileprivate func run(with runner: ToolRunner, for key: String) async throws(ToolError) -> [UInt8] {
        try await runner.run(self, for: key)
    }
}
