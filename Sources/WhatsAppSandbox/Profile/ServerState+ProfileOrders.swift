package import Foundation
import WhatsAppWire

/// What somebody changes of an account at its phone; nil stays as it is.
package struct ProfileOrder: Sendable, Decodable {
    package var about: String?
    /// A JPEG file; empty takes the picture away.
    package var picture: Data?
    /// By category, such as `last` or `readreceipts`.
    package var privacy: [String: String]?
    /// Numbers.
    package var block: [String]?
    package var unblock: [String]?
    /// Whether only those may write who have a token of the account.
    package var demandsTokens: Bool?

    package init() {}
}

extension ServerState {
    /// Somebody changes an account at its phone; its companions learn of it, and so do those who watch.
    mutating func change(_ change: ProfileOrder, of number: String) throws(SandboxError) {
        guard phones[number] != nil else { throw .unknownPhone }
        let address = phoneAddress(number)
        for (name, value) in change.privacy ?? [:] {
            guard AccountProfile.openPrivacy[name] != nil else {
                let names = AccountProfile.openPrivacy.keys.sorted().joined(separator: ", ")
                throw .invalid(field: "privacy", reason: "Categories are: \(names).")
            }
            guard (1...32).contains(value.utf8.count) else {
                throw .invalid(field: "privacy.\(name)", reason: "A value has 1 to 32 bytes.")
            }
        }
        if let picture = change.picture, !picture.isEmpty, !AccountProfile.isPicture(picture) {
            throw .invalid(field: "picture", reason: "A picture is a JPEG file of at most 5 MiB.")
        }
        if let about = change.about, about.utf8.count > 4_096 {
            throw .invalid(field: "about", reason: "An about text has at most 4096 bytes.")
        }
        let people: [(field: String, number: String)] =
            (change.block ?? []).map { ("block", $0) } + (change.unblock ?? []).map { ("unblock", $0) }
        for person in people where phones[person.number] == nil || person.number == number {
            throw .invalid(field: person.field, reason: "These are numbers of other phones.")
        }

        if let about = change.about { setAbout(about, of: number, by: address) }
        if let picture = change.picture { setPicture(picture.isEmpty ? nil : Array(picture), of: number, by: address) }
        if let privacy = change.privacy, !privacy.isEmpty {
            accounts[number].privacy.merge(privacy) { _, new in new }
            tellOwnDevices(BinaryNode("privacy"), of: address)
        }
        for other in change.block ?? [] { setBlock(of: jid(of: phoneAddress(other), by: .lid), true, by: address) }
        for other in change.unblock ?? [] {
            let named = accounts[number].blocked.filter { self.number(of: $0) == other }
            for jid in named { setBlock(of: jid, false, by: address) }
        }
        if let demandsTokens = change.demandsTokens { accounts[number].demandsTokens = demandsTokens }
        add(.save)
    }

    func profileView(of number: String) throws(SandboxError) -> ProfileView {
        guard let phone = phones[number] else { throw .unknownPhone }
        let profile = accounts[number]
        return ProfileView(
            name: phone.name,
            about: profile.about,
            picture: profile.picture.map { "https://\(settings.mediaHost)\($0.path)" },
            privacy: profile.privacy,
            blocked: profile.blocked.compactMap { self.number(of: $0) },
            demandsTokens: profile.demandsTokens
        )
    }
}

/// An account's profile as the control API shows it.
struct ProfileView: Encodable {
    let name: String
    let about: String
    /// The address of the picture; absent when there is none.
    let picture: String?
    let privacy: [String: String]
    /// Numbers.
    let blocked: [String]
    let demandsTokens: Bool
}

extension SandboxServer {
    /// Somebody changes an account's profile, privacy or blocklist at its phone.
    package func change(_ change: ProfileOrder, of number: String) async throws {
        try await onLoop { engine in try engine.perform { try $0.change(change, of: number) } }
    }
}
