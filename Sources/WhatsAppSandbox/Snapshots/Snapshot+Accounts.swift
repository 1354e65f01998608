import Foundation
import WhatsAppWire

extension Snapshot {
    /// Profiles, calls, tokens, channels and pictures.
    struct Accounts: Codable, Sendable {
        struct Token: Codable, Sendable {
            var name: TokenBook.Name
            var token: TokenBook.Token
        }

        /// By number.
        var profiles: [String: AccountProfile]
        /// Unix seconds, by number.
        var lastSeen: [String: UInt64]
        var calls: [SandboxCall]
        var counter: Int
        var tokens: [Token]
        var channels: [KeptChannel]
        var channelCounter: Int
        /// By path.
        var pictures: [String: Data]
    }
}

extension Snapshot.Accounts {
    init(_ state: ServerState) {
        let pictures =
            state.accounts.profiles.values.compactMap(\.picture) + state.groups.all.values.compactMap(\.picture)
        self.init(
            profiles: state.accounts.profiles,
            lastSeen: state.accounts.lastSeen,
            calls: state.accounts.calls.values.sorted { $0.id < $1.id },
            counter: state.accounts.counter,
            tokens: state.tokens.issued.map { Token(name: $0.key, token: $0.value) },
            channels: state.channels.channels.values.sorted { $0.jid.user < $1.jid.user },
            channelCounter: state.channels.counter,
            pictures: pictures.reduce(into: [:]) { found, picture in
                if let bytes = state.blobs[picture.path] { found[picture.path] = Data(bytes) }
            }
        )
    }

    func restore(into state: inout ServerState) {
        state.accounts.profiles = profiles
        state.accounts.lastSeen = lastSeen
        for call in calls { state.accounts.calls[call.id] = call }
        state.accounts.counter = counter
        for token in tokens { state.tokens.issue(token.token, by: token.name.issuer, to: token.name.holder) }
        for channel in channels { state.channels.channels[channel.jid] = channel }
        state.channels.counter = channelCounter
        for (path, bytes) in pictures { state.blobs.add(Array(bytes), at: BlobStore.path(path)) }
    }
}
