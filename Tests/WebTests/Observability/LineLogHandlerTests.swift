import Foundation
import Logging
import Observability
import Testing

struct LineLogHandlerTests {
    @Test func jsonLineHasMetadataUnderItsOwnKeys() throws {
        let lines = try written(.json) { logger in
            logger.info(
                "Request done",
                metadata: ["request.id": "4f", "http": ["status": "200", "of": ["kind": "a"]]]
            )
        }
        let object = try #require(lines.first)
        #expect(lines.count == 1)
        #expect(object["level"] == "info")
        #expect(object["logger"] == "web")
        #expect(object["message"] == "Request done")
        #expect(object["request.id"] == "4f")
        #expect(object["http.status"] == "200")
        #expect(object["http.of.kind"] == "a")
        let time = try #require(object["time"])
        #expect(time.wholeMatch(of: /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/) != nil)
        let moment = try Date(time, strategy: Date.ISO8601FormatStyle(includingFractionalSeconds: true))
        #expect(abs(moment.timeIntervalSinceNow) < 60)
    }

    @Test(arguments: ["two\nlines", "\u{1B}[2Jx", "quote\" back\\slash", "\u{85}\u{2028}\u{202E}", "tab\tend\r"])
    func nothingBreaksOutOfItsLine(text: String) throws {
        let lines = try written(.json) { $0.warning("\(text)", metadata: ["key\n": "\(text)"]) }
        #expect(lines.count == 1)
        #expect(lines.first?["message"] == text)
        #expect(lines.first?["key\n"] == text)
        let console = try writtenText(.console) { $0.warning("\(text)", metadata: ["key\n": "\(text)"]) }
        #expect(console.hasSuffix("\n"))
        #expect(console.dropLast().unicodeScalars.allSatisfy { $0.value >= 0x20 && !(0x7F...0x9F).contains($0.value) })
    }

    @Test func metadataCannotReplaceTheLinesOwnFields() throws {
        let lines = try written(.json) { $0.error("Real", metadata: ["message": "false", "level": "trace"]) }
        #expect(lines.first?["message"] == "Real")
        #expect(lines.first?["metadata.message"] == "false")
        #expect(lines.first?["level"] == "error")
    }

    @Test func consoleLineIsReadable() throws {
        let text = try writtenText(.console) { logger in
            var logger = logger
            logger[metadataKey: "request.id"] = "4f"
            logger.notice("Done", metadata: ["b": "two words", "a": "", "c": ["1", "2"]])
        }
        #expect(text.dropFirst(25) == "notice web: Done a=\"\" b=\"two words\" c=\"1, 2\" request.id=4f\n")
    }

    @Test func messagesBelowTheLevelAreLeftOut() throws {
        #expect(try writtenText(.console) { $0.debug("Quiet") }.isEmpty)
    }

    @Test func longValuesAreCut() throws {
        let lines = try written(.json) {
            $0.info("Long", metadata: ["value": "\(String(repeating: "é", count: 9_999))"])
        }
        #expect(lines.first?["value"]?.count == 4_097)
    }

    @Test func linesOfManyTasksDoNotMix() async throws {
        // A file takes everything at once; a pipe would make the writers wait for a reader that has no thread left.
        let path = FileManager.default.temporaryDirectory.appending(path: "wharf-log-\(UUID().uuidString)").path
        let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL, 0o600)
        try #require(descriptor >= 0)
        defer { unlink(path) }
        await withDiscardingTaskGroup { group in
            for number in 0..<8 {
                group.addTask {
                    let logger = logger(.json, descriptor)
                    for _ in 0..<250 {
                        logger.info("Same", metadata: ["n": "\(String(repeating: "\(number)", count: 500))"])
                    }
                }
            }
        }
        close(descriptor)
        let lines = try decode(String(contentsOfFile: path, encoding: .utf8))
        #expect(lines.count == 2_000)
        #expect(lines.allSatisfy { Set($0["n"] ?? "xy").count == 1 })
    }

    private func written(_ format: LogFormat, _ body: (Logger) -> Void) throws -> [[String: String]] {
        try decode(writtenText(format, body))
    }

    private func decode(_ text: String) throws -> [[String: String]] {
        try text.split(separator: "\n").map { try JSONDecoder().decode([String: String].self, from: Data($0.utf8)) }
    }

    private func writtenText(_ format: LogFormat, _ body: (Logger) -> Void) throws -> String {
        let pipe = Pipe()
        body(logger(format, pipe.fileHandleForWriting.fileDescriptor))
        try pipe.fileHandleForWriting.close()
        return String(decoding: try pipe.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
    }

    private func logger(_ format: LogFormat, _ descriptor: Int32) -> Logger {
        Logger(label: "web") { label in
            LineLogHandler(label: label, level: .info, format: format, output: LogOutput(descriptor: descriptor))
        }
    }
}
