/// Where the programs are.
package struct MediaToolPaths: Sendable {
    package var ffmpeg = "/usr/bin/ffmpeg"
    package var ffprobe = "/usr/bin/ffprobe"
    package var dwebp = "/usr/bin/dwebp"
    package var speech = "/usr/bin/espeak-ng"
    package var codeReader = "/usr/bin/zbarimg"

    package init() {}
}

/// Turns media of one kind into another, each job in a sandbox.
///
/// A job belongs to a key, the bot's for example; keys take turns where there are more jobs than programs may run.
package struct MediaTools: Sendable {
    let runner: ToolRunner
    let paths: MediaToolPaths
    /// Few at once, because all pictures of an animation are in memory together.
    let animations: FairGate

    package init(runner: ToolRunner, paths: MediaToolPaths = MediaToolPaths()) {
        self.runner = runner
        self.paths = paths
        animations = FairGate(limit: 2, waitingLimit: 50, waitingLimitPerKey: 10)
    }

    func run(
        _ bytes: [UInt8],
        inputOptions: [String] = [],
        _ outputOptions: [String],
        result: String,
        limits: ToolLimits = ToolLimits(),
        for key: String
    ) async throws(ToolError) -> [UInt8] {
        let order = try FFmpegOrder.make(
            paths.ffmpeg,
            bytes,
            inputOptions: inputOptions,
            outputOptions: outputOptions,
            result: result,
            limits: limits
        )
        return try await runner.run(order, for: key)
    }
}
