package import Accounts

/// Writes mails in the languages of the pages: `mails.NAME.subject` and `mails.NAME.body`.
package struct MailTexts: Sendable {
    private let translations: Translations

    package init(share: ShareFolder) throws(ShareFolderError) {
        translations = try Translations(share: share)
    }

    package var composer: MailComposer {
        { kind, values, language in
            let strings = translations[language]
            let body = strings("mails.\(kind.name).body", values)
            return (strings("mails.\(kind.name).subject", values), "\(body)\n\n-- \n\(strings("mails.foot"))\n")
        }
    }
}
