/// Why a tool gave no result.
package enum ToolError: Error, Equatable {
    /// The program is not installed, or not where the configuration says.
    case programMissing(String)
    /// Bubblewrap is not installed; nothing runs without it.
    case sandboxMissing
    /// The system allows no sandbox: user namespaces are switched off, or the container forbids them.
    case sandboxRefused
    /// Too many jobs wait already.
    case busy
    case timedOut
    /// The file is longer than is taken.
    case inputTooLarge(limit: Int)
    /// The tool wrote more than it may.
    case outputTooLarge(limit: Int)
    /// The tool ended with an error; the text is the end of what it complained of.
    case failed(status: Int32, complaint: String)
    /// A kind of file that nothing here reads.
    case unsupportedInput
    /// The system refused a file or a process.
    case system(errno: Int32)
    case cancelled
}
