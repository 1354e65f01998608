import WhatsAppCrypto

extension ServerState {
    /// Carries out what a person does on the phone.
    mutating func perform(_ order: AppStateOrder, at number: String) throws(SandboxError) {
        guard phones[number] != nil else { throw .unknownPhone }
        ensureAppStateKey(of: number)
        if try order.known() == .rotateKey {
            phones[number]?.appState.rotateKey(isWithheld: order.withheld == true, at: now, using: &random)
            add(.save)
            if order.withheld != true { shareAppStateKeys(of: number) }
            return
        }
        let (collection, mutations) = try order.mutations(at: now)
        if case .pushName = try order.known(), let name = order.name { phones[number]?.name = name }
        try writeAppState(mutations, to: collection, by: number)
    }
}
