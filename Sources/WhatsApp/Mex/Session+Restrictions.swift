internal import WhatsAppWire

extension Session {
    /// `<notification type="mex"><update op_name>{json}</update></notification>`: limits and channels.
    func handleMexNotification(_ node: BinaryNode) {
        let notices = RestrictionNotice.read(node)
        if !notices.isEmpty { restrictionNotices += 1 }
        take(notices)
        if let own = credentials.account { tell(node, own: own) }
    }

    /// Asks whether writing to strangers is locked; what the service does not tell stays as it was.
    func refreshReachOutLock() async {
        for _ in 0..<3 {
            let told = restrictionNotices
            guard
                let answer = try? await request(RestrictionRequests.reachOutLock(environment.queries)),
                let notice = try? RestrictionRequests.reachOutLock(in: answer)
            else { return }
            // What was told meanwhile may be newer.
            if told == restrictionNotices { return take([notice]) }
        }
    }

    /// Asks how many new chats are left; what the service does not tell stays as it was.
    func refreshNewChatCap() async {
        for _ in 0..<3 {
            let told = restrictionNotices
            guard
                let answer = try? await request(RestrictionRequests.newChatCap(environment.queries)),
                let notice = try? RestrictionRequests.newChatCap(in: answer)
            else { return }
            if told == restrictionNotices { return take([notice]) }
        }
    }

    private func take(_ notices: [RestrictionNotice]) {
        guard !notices.isEmpty else { return }
        setRestrictions { restrictions in
            for notice in notices { restrictions.apply(notice) }
        }
    }

    /// The limits on the account as the service tells them now.
    package func currentRestrictions() async throws(RequestError) -> SessionRestrictions {
        let lock = try await request(RestrictionRequests.reachOutLock(environment.queries))
        let cap = try await request(RestrictionRequests.newChatCap(environment.queries))
        take([try RestrictionRequests.reachOutLock(in: lock), try RestrictionRequests.newChatCap(in: cap)])
        return restrictions
    }
}
