package import Foundation

/// One mail in plain text.
package struct MailMessage: Sendable, Equatable {
    package let recipient: String
    package let subject: String
    package let body: String

    /// Takes the address as it was checked; line breaks in the subject become blanks, so that no header can follow.
    package init(to recipient: String, subject: String, body: String) {
        self.recipient = String(
            String.UnicodeScalarView(
                recipient.unicodeScalars.filter { $0.value > 0x20 && !"<>,;".unicodeScalars.contains($0) }
            )
        )
        let isBreak: (Unicode.Scalar) -> Bool = { scalar in
            scalar.value < 0x20 || scalar.value == 0x7F || scalar.value == 0x2028 || scalar.value == 0x2029
        }
        self.subject = String(
            String.UnicodeScalarView(subject.unicodeScalars.prefix(200).map { isBreak($0) ? " " : $0 })
        )
        self.body = body
    }

    /// The mail as it goes over the wire (RFC 5322): ASCII throughout, lines of at most 76 characters, CRLF.
    package func wireForm(from sender: String, at date: Date, id: UUID = UUID()) -> [UInt8] {
        let host = sender.split(separator: "@").last.map(String.init) ?? "localhost"
        var lines = [
            "Date: \(Self.date(date))",
            "From: <\(sender)>",
            "To: <\(recipient)>",
            "Subject: \(Self.encodedWord(subject))",
            "Message-ID: <\(id.uuidString.lowercased())@\(host)>",
            "MIME-Version: 1.0",
            "Content-Type: text/plain; charset=utf-8",
            "Content-Transfer-Encoding: base64",
            "Auto-Submitted: auto-generated",
            "",
        ]
        let text = body.replacing("\r\n", with: "\n").replacing("\n", with: "\r\n")
        lines += Self.lines(Data(text.utf8).base64EncodedString())
        return Array((lines.joined(separator: "\r\n") + "\r\n").utf8)
    }

    /// The header's text as it is, or in the encoding of RFC 2047 where it is more than ASCII.
    private static func encodedWord(_ text: String) -> String {
        guard !text.utf8.allSatisfy({ $0 < 0x7F }) else { return text }
        // An encoded word has at most 75 characters, and no character is torn apart.
        var words: [String] = []
        var part = ""
        for character in text {
            if (part + String(character)).utf8.count > 42 {
                words.append(part)
                part = ""
            }
            part.append(character)
        }
        words.append(part)
        return words.map { "=?utf-8?B?\(Data($0.utf8).base64EncodedString())?=" }.joined(separator: "\r\n ")
    }

    private static func lines(_ text: String) -> [String] {
        var lines: [String] = []
        var rest = text[...]
        while !rest.isEmpty {
            lines.append(String(rest.prefix(76)))
            rest = rest.dropFirst(76)
        }
        return lines
    }

    private static func date(_ date: Date) -> String {
        let formatter = DateFormatter()
        formatter.locale = Locale(identifier: "en_US_POSIX")
        formatter.timeZone = TimeZone(secondsFromGMT: 0)
        formatter.dateFormat = "EEE, dd MMM yyyy HH:mm:ss Z"
        return formatter.string(from: date)
    }
}
