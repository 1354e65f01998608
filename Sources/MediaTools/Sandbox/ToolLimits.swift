/// What a tool may use before it is ended.
package struct ToolLimits: Sendable, Equatable {
    /// From start to end.
    package var wallTime: Duration = .seconds(30)
    /// Processor time of each of its processes.
    package var processorSeconds = 30
    /// Address space of each of its processes; nil where the program reserves more than it uses.
    package var memoryBytes: Int? = 2 << 30
    /// What each of its processes may write to of that; for programs that reserve more than they use.
    package var dataBytes: Int?
    /// Bytes in its working folder, which is in memory.
    package var scratchBytes = 128 << 20
    /// The longest result.
    package var outputBytes = 64 << 20
    /// The longest input, all files together.
    package var inputBytes = 128 << 20
    /// Its processes and threads together.
    package var processes = 32
    package var openFiles = 256

    package init(
        wallTime: Duration = .seconds(30),
        outputBytes: Int = 64 << 20,
        processes: Int = 32
    ) {
        self.wallTime = wallTime
        self.outputBytes = outputBytes
        self.processes = processes
        processorSeconds = max(1, Int(clamping: wallTime.components.seconds))
        scratchBytes = max(scratchBytes, outputBytes + outputBytes / 4)
    }
}
