extension BotControl {
    /// Fills a bot from a preset, whose texts are in a language: settings are replaced, rules are added.
    package func apply(_ preset: BotPreset, in language: BotLanguage, to id: BotID, by caller: BotCaller) async throws {
        _ = try await hosting.find(id, for: caller, atLeast: .own)
        try await services.store.fill(id, from: preset, in: language)
        try await note(HistoryDetail(.preset, preset.id), of: id, by: caller)
    }
}
