/// A sticker as it can be sent.
package struct MadeSticker: Sendable {
    package let webp: [UInt8]
    package let isAnimated: Bool
}

extension MediaTools {
    /// Bytes of a sticker; phones refuse larger ones.
    private static let stillLimit = 100_000
    private static let animatedLimit = 500_000

    /// The ways to make a still one, from the best to the smallest.
    private static let qualities = [80, 50, 25, 5]

    private struct Motion {
        let quality: Int
        let rate: Int
        let seconds: Int
    }

    private static let motions = [
        Motion(quality: 55, rate: 12, seconds: 6), Motion(quality: 25, rate: 10, seconds: 5),
        Motion(quality: 5, rate: 8, seconds: 4), Motion(quality: 1, rate: 5, seconds: 3),
    ]

    /// A sticker of 512 by 512 pixels from a picture, a GIF, a video or another sticker.
    ///
    /// Moving pictures stay moving and are cut to some seconds; what is too large is made again with less quality.
    package func sticker(
        from bytes: [UInt8],
        shape: StickerShape = .fit,
        for key: String
    ) async throws(ToolError) -> MadeSticker {
        guard let format = InputFormat(bytes) else { throw .unsupportedInput }
        if format == .webp, let animation = try AnimatedWebP(bytes) {
            return try await animatedSticker(from: try await video(from: animation, for: key), shape: shape, for: key)
        }
        if format.isPicture { return try await stillSticker(from: bytes, shape: shape, for: key) }
        guard format.isMoving else { throw .unsupportedInput }
        return try await animatedSticker(from: bytes, shape: shape, for: key)
    }

    private func stillSticker(
        from bytes: [UInt8],
        shape: StickerShape,
        for key: String
    ) async throws(ToolError) -> MadeSticker {
        for quality in Self.qualities {
            let webp = try await run(
                bytes,
                [
                    "-frames:v", "1", "-vf", shape.filter, "-c:v", "libwebp", "-quality", "\(quality)",
                    "-compression_level", "3", "-f", "image2",
                ],
                result: "sticker.webp",
                for: key
            )
            if webp.count <= Self.stillLimit { return MadeSticker(webp: webp, isAnimated: false) }
        }
        throw .outputTooLarge(limit: Self.stillLimit)
    }

    private func animatedSticker(
        from bytes: [UInt8],
        shape: StickerShape,
        for key: String
    ) async throws(ToolError) -> MadeSticker {
        for motion in Self.motions {
            let webp = try await run(
                bytes,
                inputOptions: ["-t", "\(motion.seconds)"],
                [
                    "-an", "-vf", "fps=\(motion.rate),\(shape.filter)", "-c:v", "libwebp_anim", "-quality",
                    "\(motion.quality)", "-compression_level", "2", "-loop", "0", "-f", "webp",
                ],
                result: "sticker.webp",
                limits: ToolLimits(wallTime: .seconds(60)),
                for: key
            )
            if webp.count <= Self.animatedLimit { return MadeSticker(webp: webp, isAnimated: true) }
        }
        throw .outputTooLarge(limit: Self.animatedLimit)
    }
}
