/// What another site knows Wharf by.
package struct LoginProviderSettings: Sendable {
    package let clientID: String
    package let clientSecret: Secret<String>

    /// Nil unless both keys are set.
    init?(reading reader: inout SettingsReader, _ name: String, site: String) {
        let id = reader.optional(
            "WHARF_\(name)_CLIENT_ID",
            .text("an identifier"),
            help:
                "Lets people log in with \(site): the client's id there. Its callback is /login/with/\(name.lowercased())/callback."
        )
        let secret = reader.secret(
            "WHARF_\(name)_CLIENT_SECRET",
            .text("a secret"),
            help: "The client's secret at \(site)."
        )
        guard let id, let secret else { return nil }
        clientID = id
        clientSecret = secret
    }
}
