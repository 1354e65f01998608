extension MediaTools {
    /// A PNG of a picture, of a sticker, or of a moving picture's first frame.
    package func image(from bytes: [UInt8], for key: String) async throws(ToolError) -> [UInt8] {
        try await picture(bytes, chain: nil, for: key)
    }

    /// A square JPEG of a picture's middle, as profiles have it.
    package func profilePicture(from bytes: [UInt8], for key: String) async throws(ToolError) -> [UInt8] {
        let side = 640
        let square = "scale=\(side):\(side):force_original_aspect_ratio=increase:flags=lanczos,crop=\(side):\(side)"
        let png = try await picture(bytes, chain: square, for: key)
        return try await run(
            png,
            ["-frames:v", "1", "-vf", "format=yuvj420p", "-c:v", "mjpeg", "-q:v", "3", "-f", "image2"],
            result: "picture.jpg",
            for: key
        )
    }

    /// A PNG of a part.
    package func crop(_ bytes: [UInt8], to shape: CropShape, for key: String) async throws(ToolError) -> [UInt8] {
        try await picture(bytes, chain: shape.chain, for: key)
    }

    /// A PNG with a filter.
    package func apply(_ filter: ImageFilter, to bytes: [UInt8], for key: String) async throws(ToolError) -> [UInt8] {
        try await picture(bytes, chain: filter.chain, for: key)
    }

    private func picture(_ bytes: [UInt8], chain: String?, for key: String) async throws(ToolError) -> [UInt8] {
        guard let format = InputFormat(bytes), format.isPicture || format.isMoving else { throw .unsupportedInput }
        var bytes = bytes
        if format == .webp, let animation = try AnimatedWebP(bytes) { bytes = animation.frames[0].file }
        let filter = [chain, "scale='min(iw,4096)':'min(ih,4096)':force_original_aspect_ratio=decrease"]
        return try await run(
            bytes,
            [
                "-frames:v", "1", "-an", "-vf", filter.compactMap { $0 }.joined(separator: ","), "-c:v", "png", "-f",
                "image2",
            ],
            result: "picture.png",
            for: key
        )
    }
}
