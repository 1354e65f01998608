import Foundation

/// Opens and closes the group at hours.
struct HoursCommand: Command {
    let declaration = CommandDeclaration(
        "hours",
        aliases: ["schedulegroup", "opentime"],
        .group,
        "Opens and closes the group every day at these times, in the bot's time zone.",
        arguments: [
            CommandArgument("opens", .word, "A time such as 08:00, or off."),
            CommandArgument("closes", .word, optional: true, "A time such as 22:30."),
        ],
        permissions: [.groupOnly, .groupAdmin, .botIsAdmin]
    )

    func run(_ context: CommandContext) async throws {
        guard let first = context.arguments["opens"], first != "off" else {
            try await context.changeChat { $0.hours = nil }
            try await context.reply("The group is not opened or closed by itself.")
            return
        }
        guard let opens = Self.minutes(first), let closes = context.arguments["closes"].flatMap(Self.minutes),
            opens != closes
        else { throw context.refusal("Write two times such as 08:00 22:30.") }
        try await context.changeChat { $0.hours = OpeningHours(opens: opens, closes: closes) }
        let zone = context.conduct.timeZone.identifier
        try await context.reply("Open from \(first) to \(context.arguments["closes"] ?? ""), \(zone).")
    }

    static func minutes(_ text: String) -> Int? {
        let parts = text.split(separator: ":")
        guard parts.count == 2, parts[1].count == 2, let hour = Int(parts[0]), let minute = Int(parts[1]),
            (0...23).contains(hour), (0...59).contains(minute)
        else { return nil }
        return hour * 60 + minute
    }
}
