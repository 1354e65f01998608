package import Logging
import Synchronization

/// Keeps what is logged from warnings on; copies share what they keep.
package struct RecordedLog: LogHandler {
    package struct Line: Sendable {
        package let message: String
        package let metadata: Logger.Metadata
    }

    private final class Box: Sendable {
        let lines = Mutex<[Line]>([])
    }

    private let box = Box()
    package var metadata: Logger.Metadata = [:]
    package var logLevel = Logger.Level.warning

    package init() {}

    package var lines: [Line] { box.lines.withLock { $0 } }
    package var logger: Logger { Logger(label: "test") { _ in self } }

    package func forget() { box.lines.withLock { $0 = [] } }

    package subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    package func log(event: LogEvent) {
        let line = Line(message: "\(event.message)", metadata: event.metadata ?? [:])
        box.lines.withLock { $0.append(line) }
    }
}
