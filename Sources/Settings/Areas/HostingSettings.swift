/// Which bots are run here, and how they are looked after.
package struct HostingSettings: Sendable {
    package var serverName: String
    package var check: Duration
    /// Messages of a session within a day that nobody has asked for.
    package var sendCap: Int

    init(reading reader: inout SettingsReader) {
        reader.begin("Bots")
        serverName = reader.value(
            "SERVERNAME",
            SettingType(
                expectation: "a name of 1 to 64 letters, digits, dots, dashes and underscores",
                parse: { text in
                    let isGood =
                        (1...64).contains(text.utf8.count)
                        && text.utf8.allSatisfy { byte in
                            byte == UInt8(ascii: ".") || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_")
                                || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
                                || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
                        }
                    return isGood ? text : nil
                },
                write: { $0 }
            ),
            standard: "main",
            help:
                "Name of this server or group of workers. In a database that several share, each sees and runs its own bots "
                + "and sessions alone."
        )
        check = reader.value(
            "WHARF_BOT_CHECK_INTERVAL",
            .duration(.seconds(1) ... .seconds(3_600)),
            standard: .seconds(60),
            help: "How often Wharf looks for bots whose time is over."
        )
        sendCap = reader.value(
            "WHARF_SEND_CAP",
            .wholeNumber(1...100_000),
            standard: 500,
            help:
                "How many messages that nobody has asked for at that moment, such as broadcasts and planned messages, a session "
                + "sends within a day (UTC). Answers do not count."
        )
    }
}
