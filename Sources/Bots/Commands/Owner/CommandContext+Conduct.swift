extension CommandContext {
    /// Changes how the bot answers; holds from the next message on.
    @discardableResult
    func changeConduct(_ body: (inout ConductSettings) throws -> Void) async throws -> ConductSettings {
        try await store.changeConduct(of: bot.id) { settings in
            try body(&settings)
            do throws(ConductError) {
                try settings.check()
            } catch {
                throw CommandRefusal(
                    Phrase(en: "This cannot be set: \(error.setting).", id: "Ini tidak bisa diatur: \(error.setting).")
                )
            }
        }
    }
}
