package import WhatsAppWire

extension Session {
    package func privacySettings() async throws(RequestError) -> PrivacySettings {
        try PrivacySettings(answer: try await request(ProfileRequests.privacy()))
    }

    package func setPrivacy(_ category: PrivacyCategory, to value: PrivacyValue) async throws(RequestError) {
        _ = try await request(try ProfileRequests.setPrivacy(category, value))
        if category == .readReceipts { isReadingShown = nil }
    }

    /// The contacts that a category is closed to.
    package func privacyExclusions(_ category: PrivacyCategory) async throws(RequestError) -> PrivacyExclusions {
        try PrivacyExclusions(answer: try await request(ProfileRequests.exclusions(category)))
    }

    /// Closes a category to contacts, or opens it to them again.
    ///
    /// Where another device was faster, the list is read anew and the change is tried once more.
    package func changePrivacyExclusions(
        _ category: PrivacyCategory,
        _ changes: [PrivacyExclusionChange]
    ) async throws(RequestError) {
        for isLast in [false, true] {
            let known = try await privacyExclusions(category)
            let iq = try ProfileRequests.changeExclusions(category, changes, hash: known.hash)
            do {
                _ = try await request(iq)
                return
            } catch .refused(code: 409, _, _) where !isLast {
                continue
            }
        }
    }

    // MARK: Blocking

    package func blocklist() async throws(RequestError) -> Blocklist {
        try Blocklist(answer: try await request(ProfileRequests.blocklist()))
    }

    package func block(_ jid: JID) async throws(RequestError) {
        try await change(ProfileRequests.block(try await blockTarget(jid)), blocked: [jid], unblocked: [])
    }

    package func unblock(_ jid: JID) async throws(RequestError) {
        try await change(ProfileRequests.unblock(try await blockTarget(jid)), blocked: [], unblocked: [jid])
    }

    /// A conflict means that another device has changed the list: the change itself still holds, so it is tried again.
    private func change(_ iq: BinaryNode, blocked: [JID], unblocked: [JID]) async throws(RequestError) {
        do {
            _ = try await request(iq)
        } catch .refused(code: 409, _, _) {
            _ = try await request(iq)
        }
        emit(
            .blocklist(
                BlocklistChange(
                    blocked: blocked.map(\.withoutDevice),
                    unblocked: unblocked.map(\.withoutDevice),
                    isReplaced: false
                )
            )
        )
    }

    /// Accounts that have moved to LIDs block by LID; its number must stand beside it.
    private func blockTarget(_ jid: JID) async throws(RequestError) -> BlockTarget {
        let jid = jid.withoutDevice
        guard jid.isPerson, !jid.user.isEmpty else { throw .invalid(field: "jid", reason: .notAPerson) }
        guard isLIDMigrated else { return .number(try await phone(of: jid) ?? jid) }
        if jid.server == .lid { return .lid(jid, phone: try await phone(of: jid)) }
        if let lid = try await lid(of: jid) { return .lid(lid, phone: jid) }
        guard let number = try? PhoneNumber(parsing: jid.user),
            let lid = try await lookUp([number]).first?.lid
        else { throw .invalid(field: "jid", reason: .notOnWhatsApp) }
        return .lid(lid, phone: jid)
    }
}
