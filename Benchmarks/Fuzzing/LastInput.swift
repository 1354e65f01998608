import Foundation

/// Says which input was at work when the process dies, by a trap or because it takes too long.
enum LastInput {
    // SAFETY: one thread fuzzes and writes these; a signal handler, which runs on that thread, reads them.
    nonisolated(unsafe) private static var number = -1
    nonisolated(unsafe) private static var name = Name(start: nil, count: 0)
    nonisolated(unsafe) private static var timeout: UInt32 = 0

    private struct Name {
        let start: UnsafePointer<UInt8>?
        let count: Int
    }

    static func install(timeout: UInt32) {
        self.timeout = timeout
        for kind in [SIGILL, SIGTRAP, SIGSEGV, SIGBUS, SIGABRT, SIGALRM] {
            signal(kind) { kind in
                LastInput.tell(kind == SIGALRM ? "took too long: " : "died: ")
                signal(kind, SIG_DFL)
                if kind == SIGALRM { _exit(124) }
                raise(kind)
            }
        }
    }

    static func set(_ target: String, number: Int) {
        if self.number < 0 {
            // One for each target, for as long as the process lives.
            let copy = UnsafeMutablePointer<UInt8>.allocate(capacity: target.utf8.count)
            for (index, byte) in target.utf8.enumerated() { copy[index] = byte }
            name = Name(start: copy, count: target.utf8.count)
        }
        self.number = number
        // A system call an input would cost more than most inputs.
        if number % 64 == 0 { alarm(timeout) }
    }

    static func clear() {
        alarm(0)
        number = -1
    }

    /// Only what is safe in a signal handler: no allocation, one buffer, `write`.
    private static func tell(_ what: StaticString) {
        write(2, what.utf8Start, what.utf8CodeUnitCount)
        if let start = name.start { write(2, start, name.count) }
        var digits: (UInt64, UInt64, UInt64) = (0, 0, 0)
        withUnsafeMutableBytes(of: &digits) { buffer in
            var rest = UInt64(clamping: max(number, 0))
            var position = buffer.count - 1
            buffer[position] = UInt8(ascii: "\n")
            repeat {
                position -= 1
                buffer[position] = UInt8(ascii: "0") + UInt8(rest % 10)
                rest /= 10
            } while rest > 0 && position > 1
            position -= 1
            buffer[position] = UInt8(ascii: " ")
            if let start = buffer.baseAddress { _ = write(2, start + position, buffer.count - position) }
        }
    }
}
