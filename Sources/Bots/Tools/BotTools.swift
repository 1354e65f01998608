package import Assistant
package import MediaTools

/// What a server may have beside WhatsApp, for its bots' commands; what is missing is said by the command that wants it.
package struct BotTools: Sendable {
    package var media: MediaTools?
    package var downloader: Downloader?
    package var pages: PagePictures?
    package var assistant: (any AssistantProvider)?
    package var links: (any LinkShortener)?
    package var lookups = LookupAddresses()

    package init() {}
}
