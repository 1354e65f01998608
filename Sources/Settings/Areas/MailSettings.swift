/// How mails are sent.
package struct MailSettings: Sendable {
    /// Nil for a folder in the data folder.
    package var server: Secret<String>?
    package var sender: String

    init(reading reader: inout SettingsReader) {
        reader.begin("Mail")
        server = reader.secret(
            "WHARF_SMTP_URL",
            SettingType(
                expectation: "an address such as smtp://user:password@mail.example.org:587 or smtps://…:465",
                parse: { text in
                    ["smtp://", "smtps://"].contains { text.lowercased().hasPrefix($0) } && text.count <= 1_000
                        ? text : nil
                },
                write: { $0 }
            ),
            help:
                "Mail server to send by. Without it mails are written into the folder mails of the data folder; with the "
                + "sandbox they are shown at /dev/mail."
        )
        sender = reader.value(
            "WHARF_MAIL_FROM",
            .text("an e-mail address"),
            standard: "wharf@localhost",
            help: "Sender of all mails."
        )
    }
}
