internal import WhatsAppProtobufs

/// Something to choose from: buttons, a list, a template or native-flow buttons.
package struct ReceivedMenu: Sendable, Equatable {
    package struct Option: Sendable, Equatable {
        /// What an answer names; empty for a button that opens a page or calls.
        package var id: String
        package var title: String
        package var details: String?
        /// The page or number that it opens.
        package var destination: String?
    }

    package var title: String?
    package var text: String
    package var footer: String?
    package var options: [Option]
    /// The cards of a carousel, each with its own text and options; cards have none themselves.
    package var cards: [ReceivedMenu] = []

    init(_ message: WAMessage, _ field: ContentField?) {
        switch field {
        case .buttons: self.init(message.buttonsMessage)
        case .list: self.init(message.listMessage)
        case .template: self.init(message.templateMessage)
        default: self.init(message.interactiveMessage)
        }
        title = title.map { MessageContent.bounded($0) }
        text = MessageContent.bounded(text)
        footer = footer.map { MessageContent.bounded($0) }
    }

    private init(title: String?, text: String, footer: String?, options: [Option]) {
        self.title = title
        self.text = text
        self.footer = footer
        self.options = options
    }

    private init(_ buttons: WAButtonsMessage) {
        let options = buttons.buttons.prefix(MessageContent.choiceLimit).map { button in
            Option(id: button.buttonID, title: button.buttonText.displayText)
        }
        self.init(
            title: buttons.hasText ? buttons.text : nil,
            text: buttons.contentText,
            footer: buttons.hasFooterText ? buttons.footerText : nil,
            options: options
        )
    }

    private init(_ list: WAListMessage) {
        let rows = list.sections.prefix(MessageContent.choiceLimit).flatMap {
            $0.rows.prefix(MessageContent.choiceLimit)
        }
        let options = rows.prefix(MessageContent.choiceLimit).map { row in
            Option(id: row.rowID, title: row.title, details: row.hasDescription_p ? row.description_p : nil)
        }
        self.init(
            title: list.hasTitle ? list.title : nil,
            text: list.description_p,
            footer: list.hasFooterText ? list.footerText : nil,
            options: options
        )
    }

    private init(_ template: WATemplateMessage) {
        if template.hasInteractiveMessageTemplate {
            self.init(template.interactiveMessageTemplate)
            return
        }
        let rows = template.hasHydratedTemplate ? template.hydratedTemplate : template.hydratedFourRowTemplate
        let options = rows.hydratedButtons.prefix(MessageContent.choiceLimit).map { button in
            if button.hasQuickReplyButton {
                return Option(id: button.quickReplyButton.id, title: button.quickReplyButton.displayText)
            }
            if button.hasURLButton {
                return Option(id: "", title: button.urlButton.displayText, destination: button.urlButton.url)
            }
            return Option(
                id: "",
                title: button.callButton.displayText,
                destination: button.callButton.phoneNumber
            )
        }
        self.init(
            title: rows.hasHydratedTitleText ? rows.hydratedTitleText : nil,
            text: rows.hydratedContentText,
            footer: rows.hasHydratedFooterText ? rows.hydratedFooterText : nil,
            options: options
        )
    }

    private init(_ interactive: WAInteractiveMessage) {
        self.init(card: interactive)
        guard interactive.hasCarouselMessage else { return }
        cards = interactive.carouselMessage.cards.prefix(MessageContent.cardLimit)
            .map { card in
                var menu = ReceivedMenu(card: card)
                menu.title = menu.title.map { MessageContent.bounded($0, limit: 4_096) }
                menu.text = MessageContent.bounded(menu.text, limit: 4_096)
                menu.footer = menu.footer.map { MessageContent.bounded($0, limit: 4_096) }
                return menu
            }
    }

    private init(card interactive: WAInteractiveMessage) {
        let buttons = interactive.nativeFlowMessage.buttons.prefix(MessageContent.choiceLimit)
        let options = buttons.flatMap { NativeFlowButton.options(name: $0.name, parameters: $0.buttonParamsJson) }
        self.init(
            title: interactive.header.hasTitle ? interactive.header.title : nil,
            text: interactive.body.text,
            footer: interactive.footer.hasText ? interactive.footer.text : nil,
            options: Array(options.prefix(MessageContent.choiceLimit))
        )
    }
}

/// What somebody chose.
package struct ReceivedChoice: Sendable, Equatable {
    /// The identifier of the button or row; empty where the answer names none.
    package var id: String
    package var title: String

    init(_ message: WAMessage, _ field: ContentField?) {
        switch field {
        case .buttonsResponse:
            id = message.buttonsResponseMessage.selectedButtonID
            title = message.buttonsResponseMessage.selectedDisplayText
        case .listResponse:
            id = message.listResponseMessage.singleSelectReply.selectedRowID
            title = message.listResponseMessage.title
        case .templateReply:
            id = message.templateButtonReplyMessage.selectedID
            title = message.templateButtonReplyMessage.selectedDisplayText
        default:
            let response = message.interactiveResponseMessage
            id = NativeFlowButton.id(inResponse: response.nativeFlowResponseMessage.paramsJson) ?? ""
            title = response.body.text
        }
        id = MessageContent.bounded(id)
        title = MessageContent.bounded(title)
    }
}

/// The JSON of native-flow buttons and of the answers to them.
enum NativeFlowButton {
    private static let limits = JSONLimits(bytes: 65_536, depth: 16, values: 4_096)

    /// A `single_select` has many options, every other button is one.
    static func options(name: String, parameters: String) -> [ReceivedMenu.Option] {
        guard let json = try? JSONValue.parse(Array(parameters.utf8.prefix(65_537)), limits: limits) else { return [] }
        if name == "single_select" {
            return json.elements("sections").flatMap { $0.elements("rows") }
                .map { row in
                    ReceivedMenu.Option(
                        id: row.text("id") ?? "",
                        title: row.text("title") ?? "",
                        details: row.text("description")
                    )
                }
        }
        return [
            ReceivedMenu.Option(
                id: json.text("id") ?? "",
                title: json.text("display_text") ?? name,
                destination: json.text("url") ?? json.text("phone_number") ?? json.text("copy_code")
            )
        ]
    }

    static func id(inResponse parameters: String) -> String? {
        (try? JSONValue.parse(Array(parameters.utf8.prefix(65_537)), limits: limits))?.text("id")
    }
}

extension JSONValue {
    func member(_ name: String) -> JSONValue? {
        guard case .object(let members) = self else { return nil }
        return members.first { $0.name == name }?.value
    }

    func text(_ name: String) -> String? {
        guard case .string(let text) = member(name) else { return nil }
        return text
    }

    func elements(_ name: String) -> [JSONValue] {
        guard case .array(let values) = member(name) else { return [] }
        return values
    }
}
