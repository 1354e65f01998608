package import Logging

/// Writes each message of a logger as one line.
package struct LineLogHandler: LogHandler {
    package var metadata: Logger.Metadata = [:]
    package var metadataProvider: Logger.MetadataProvider?
    package var logLevel: Logger.Level
    private let label: String
    private let format: LogFormat
    private let output: LogOutput

    package init(
        label: String,
        level: Logger.Level,
        format: LogFormat,
        output: LogOutput = .standardError,
        metadataProvider: Logger.MetadataProvider? = nil
    ) {
        self.label = label
        self.format = format
        self.output = output
        self.metadataProvider = metadataProvider
        logLevel = level
    }

    package subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    package func log(event: LogEvent) {
        var merged = metadata
        if let provided = metadataProvider?.get() { merged.merge(provided) { _, new in new } }
        if let own = event.metadata { merged.merge(own) { _, new in new } }
        if let error = event.error, merged["error"] == nil { merged["error"] = "\(error)" }
        var pairs: [(key: String, value: String)] = []
        for (key, value) in merged { flatten(key, value, depth: 0, into: &pairs) }
        pairs.sort { $0.key < $1.key }
        output.write(
            format.line(
                time: .now,
                level: event.level,
                label: label,
                message: event.message.description,
                metadata: pairs
            )
        )
    }

    /// A dictionary's keys join their own with a dot.
    private func flatten(
        _ key: String,
        _ value: Logger.Metadata.Value,
        depth: Int,
        into pairs: inout [(key: String, value: String)]
    ) {
        switch value {
        case .dictionary(let inner) where depth < 4:
            for (name, value) in inner { flatten("\(key).\(name)", value, depth: depth + 1, into: &pairs) }
        case .array(let elements):
            pairs.append((key, elements.map(\.description).joined(separator: ", ")))
        case .string, .stringConvertible, .dictionary:
            pairs.append((key, value.description))
        }
    }
}

extension LoggingSystem {
    /// Sends all loggers of the process to standard error; to be called once, first thing.
    package static func bootstrap(format: LogFormat, level: Logger.Level) {
        bootstrap { LineLogHandler(label: $0, level: level, format: format) }
    }
}
