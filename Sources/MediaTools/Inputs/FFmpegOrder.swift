/// Orders for ffmpeg with the bounds that all of them share.
enum FFmpegOrder {
    /// As many pixels as a decoder takes for one picture; larger ones are bombs.
    static let pixelLimit = 50_000_000

    /// Options that stand before everything.
    static let start = ["-nostdin", "-hide_banner", "-loglevel", "error", "-y"]

    /// Options that stand before an input.
    private static let bounds = [
        "-threads", "1", "-max_alloc", "536870912", "-max_pixels", "\(pixelLimit)", "-protocol_whitelist", "file",
    ]

    /// Reads one file of a known format; `inputOptions` stand before it, `outputOptions` name all of the result.
    static func make(
        _ program: String,
        _ bytes: [UInt8],
        inputOptions: [String] = [],
        outputOptions: [String],
        result: String,
        limits: ToolLimits = ToolLimits()
    ) throws(ToolError) -> ToolOrder {
        guard let format = InputFormat(bytes) else { throw .unsupportedInput }
        return make(
            program,
            bytes,
            demuxer: format.demuxer,
            inputOptions: inputOptions,
            outputOptions: outputOptions,
            result: result,
            limits: limits
        )
    }

    static func make(
        _ program: String,
        _ bytes: [UInt8],
        demuxer: String,
        inputOptions: [String] = [],
        outputOptions: [String],
        result: String,
        limits: ToolLimits = ToolLimits()
    ) -> ToolOrder {
        let input = bounds + ["-f", demuxer] + inputOptions + ["-i", ToolOrder.path(of: "input")]
        var order = ToolOrder(
            program,
            start + input + ["-threads", "2"] + outputOptions + [ToolOrder.place(of: result)]
        )
        order.inputs = [ToolOrder.Input("input", bytes)]
        order.output = .file(result)
        order.limits = limits
        order.limits.processes = 64
        return order
    }
}
