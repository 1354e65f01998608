import ArgumentParser
import Foundation
import WhatsApp

/// The command `wharf session inspect`.
struct InspectSessionCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "inspect",
        abstract: "Show what a session ID holds, without its secrets.",
        discussion: "Reads every self-contained form, and creds.json. Nothing is sent anywhere.",
        version: Wharf.version
    )

    @Argument(help: "File with the session ID, or - for standard input.")
    var file: String

    func run() async throws {
        let text = try text()
        let imported: ImportedSessionID
        do throws(SessionIDError) {
            imported = try SessionIDCodec.decode(text)
        } catch {
            throw Failure(error.message)
        }
        let now = Date()
        guard let report = imported.report(at: now) else { throw Failure("it was never linked to a phone") }
        for (name, value) in rows(report, now) where value != nil {
            Terminal.say("\(name.padding(toLength: 10, withPad: " ", startingAt: 0))\(printable(value ?? ""))")
        }
        for finding in report.findings { Terminal.say("note      \(finding.text)") }
    }

    private func rows(_ report: SessionIDReport, _ now: Date) -> [(String, String?)] {
        let age = report.age(at: now).map { "\($0.components.seconds / 86_400) days ago" }
        let linked = report.linkedAt.map { "\($0.formatted(.iso8601)) (\(age ?? "unknown"))" }
        return [
            ("form", report.shape.text),
            ("number", "\(report.jid)"),
            ("lid", report.lid.map { "\($0)" }),
            ("device", "\(report.device)"),
            ("name", report.pushName),
            ("platform", report.platform),
            ("linked", linked),
        ]
    }

    /// What stands in a session ID was written by somebody else, and must not reach for the terminal.
    private func printable(_ text: String) -> String {
        String(String.UnicodeScalarView(text.unicodeScalars.filter { !$0.properties.isControl }))
    }

    private func text() throws(Failure) -> String {
        let limit = SessionIDCodec.maximumLength
        let handle = file == "-" ? FileHandle.standardInput : FileHandle(forReadingAtPath: file)
        // One byte beyond the limit is enough for the codec to say that it is too long; an empty file gives nil.
        guard let handle, let bytes = try? handle.read(upToCount: limit + 1) ?? Data() else {
            throw Failure("\(file) cannot be read")
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}

extension Unicode.Scalar.Properties {
    fileprivate var isControl: Bool {
        [.control, .format, .lineSeparator, .paragraphSeparator].contains(generalCategory)
    }
}
