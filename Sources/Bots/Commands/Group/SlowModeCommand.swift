/// Lets members write only every so often.
struct SlowModeCommand: Command {
    let declaration = CommandDeclaration(
        "slowmode",
        aliases: ["slow"],
        .group,
        Phrase(
            en: "Lets each member write one message every so often; what is more is taken away.",
            id: "Membatasi tiap anggota satu pesan setiap sekian waktu; selebihnya dihapus."
        ),
        arguments: [
            CommandArgument(
                "pause",
                "jeda",
                .word,
                Phrase(en: "A time such as 30s or 5m, or off.", id: "Waktu seperti 30s atau 5m, atau off.")
            )
        ],
        permissions: [.groupOnly, .groupAdmin, .botIsAdmin]
    )

    func run(_ context: CommandContext) async throws {
        let word = context.arguments["pause"] ?? "off"
        guard word != "off" else {
            try await context.changeChat { $0.slowMode = nil }
            try await context.reply(Phrase(en: "Slow mode is off.", id: "Mode lambat mati."))
            return
        }
        guard let pause = DurationText.read(word), pause <= .seconds(ChatSettings.slowModes.upperBound) else {
            throw context.refusal(
                Phrase(
                    en: "Write a time such as 30s or 5m, at most an hour.",
                    id: "Tulis waktu seperti 30s atau 5m, paling lama satu jam."
                )
            )
        }
        let seconds = Int(pause.components.seconds)
        try await context.changeChat { $0.slowMode = seconds }
        try await context.reply(Phrase(en: "One message every \(pause).", id: "Satu pesan setiap \(pause)."))
    }
}
