import Foundation

/// Text for the person who started the program; the log is something else.
enum Terminal {
    static func write(_ text: String, to file: FileHandle) {
        // Nobody could be told that nobody listens.
        try? file.write(contentsOf: Data(text.utf8))
    }

    /// One line on standard output.
    static func say(_ line: String) {
        write(line + "\n", to: .standardOutput)
    }

    /// One line on standard error that says whose it is.
    static func complain(_ text: String) {
        let line = text.split(whereSeparator: \.isNewline).joined(separator: " ")
        write("wharf: \(line)\n", to: .standardError)
    }

    static func isTerminal(_ file: FileHandle) -> Bool {
        isatty(file.fileDescriptor) == 1
    }
}
