/// How sessions are kept and run.
package struct SessionSettings: Sendable {
    /// 32 bytes in 64 hexadecimal digits; nil for a file in the data folder.
    package var masterKey: Secret<String>?
    /// Master keys that were in use before, each in the same form.
    package var formerMasterKeys: Secret<[String]>?
    package var startsPerSecond: Int
    package var scanTime: Duration
    package var stopIdleAfter: Duration?
    /// Nil for ever.
    package var messageRetention: Duration?
    package var messageResendAge: Duration
    package var echoes: Bool

    init(reading reader: inout SettingsReader) {
        reader.begin("Sessions")
        masterKey = reader.secret(
            "WHARF_MASTER_KEY",
            SettingType(
                expectation: "64 hexadecimal digits",
                parse: { text in text.utf8.count == 64 && text.allSatisfy(\.isHexDigit) ? text : nil },
                write: { $0 }
            ),
            help:
                "Key that the sessions' keys are encrypted with. Without it Wharf makes one in its data folder, in the file "
                + "master.key. Whoever loses it has lost the sessions."
        )
        formerMasterKeys = reader.secret(
            "WHARF_FORMER_MASTER_KEYS",
            SettingType(
                expectation: "64 hexadecimal digits each, separated by commas",
                parse: { text in
                    let keys = text.split(separator: ",").map { $0.filter { $0 != " " } }
                    return keys.allSatisfy { $0.utf8.count == 64 && $0.allSatisfy(\.isHexDigit) } ? keys : nil
                },
                write: { $0.joined(separator: ",") }
            ),
            help:
                "Master keys that WHARF_MASTER_KEY replaces. Sessions under one of them are brought under the new key at the "
                + "start; afterwards this can go. The key in the file master.key counts as one of them by itself."
        )
        startsPerSecond = reader.value(
            "WHARF_SESSION_STARTS_PER_SECOND",
            .wholeNumber(1...10_000),
            standard: 100,
            help:
                "Sessions that are connected within a second at most, so that a restart is no burst: those that are started "
                + "and those that lost their connection."
        )
        scanTime = reader.value(
            "WHARF_SESSION_SCAN_TIME",
            .duration(.seconds(30) ... .seconds(86_400)),
            standard: .seconds(300),
            help: "How long a session that no phone has linked yet shows a QR code before it gives up."
        )
        stopIdleAfter = reader.optional(
            "WHARF_SESSION_STOP_IDLE",
            .duration(.seconds(60) ... .seconds(365 * 86_400)),
            help:
                "Stop sessions that have neither sent nor received anything for so long, until somebody starts them again; a "
                + "bot's owner is told. Without it none is stopped."
        )
        let days = reader.value(
            "WHARF_MESSAGE_RETENTION_DAYS",
            .wholeNumber(0...36_500),
            standard: 90,
            help:
                "Days for which the messages of sessions are kept; older ones are removed, but for starred ones and those "
                + "that somebody keeps in the chat. 0 keeps them for ever."
        )
        messageResendAge = reader.value(
            "WHARF_MESSAGE_RESEND_AGE",
            .duration(.zero ... .seconds(86_400)),
            standard: .seconds(600),
            help:
                "How old a message may be that was being sent when the server died, and is sent again under its id after the "
                + "next login; older ones have failed. With 0 none is sent again."
        )
        messageRetention = days > 0 ? .seconds(days * 86_400) : nil
        echoes = reader.value(
            "WHARF_SESSION_ECHO",
            .switching,
            standard: false,
            help: "Answer every text with the same text; for figures under load alone."
        )
    }
}
