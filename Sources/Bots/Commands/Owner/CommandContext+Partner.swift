import WhatsAppWire

extension CommandContext {
    /// Who is named, or the other person of a private chat; never the bot itself.
    func peopleOrPartner() async throws -> [Person] {
        let own = try await own()
        let named = people.isEmpty && !isGroup ? [Person(chat)] : people
        let others = named.filter { !$0.isSame(as: own) }
        guard !others.isEmpty else {
            throw refusal(
                Phrase(en: "Name somebody, or answer their message.", id: "Sebut orangnya, atau balas pesannya.")
            )
        }
        return others
    }
}
