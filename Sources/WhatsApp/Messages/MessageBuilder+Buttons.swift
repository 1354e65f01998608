internal import WhatsAppProtobufs

extension MessageBuilder {
    static func message(_ buttons: OutgoingButtons) throws(RequestError) -> WAMessage {
        try check(buttons.text, "text", notEmpty: true)
        guard (1...3).contains(buttons.buttons.count) else { throw .invalid(field: "buttons", reason: "not 1 to 3") }
        var content = WAButtonsMessage()
        content.contentText = buttons.text
        content.headerType = .empty
        if let footer = buttons.footer {
            try check(footer, "footer", limit: 1_024)
            content.footerText = footer
        }
        for button in buttons.buttons {
            try check(button.id, "buttons.id", limit: 256, notEmpty: true)
            try check(button.title, "buttons.title", limit: 256, notEmpty: true)
            var entry = WAButtonsMessage.Button()
            entry.buttonID = button.id
            entry.buttonText.displayText = button.title
            entry.type = .response
            content.buttons.append(entry)
        }
        guard Set(buttons.buttons.map(\.id)).count == buttons.buttons.count else {
            throw .invalid(field: "buttons.id", reason: "two buttons have the same")
        }
        var message = WAMessage()
        message.buttonsMessage = content
        return message
    }

    static func message(_ list: OutgoingList) throws(RequestError) -> WAMessage {
        try check(list.title, "title", limit: 1_024)
        try check(list.text, "text", notEmpty: true)
        try check(list.buttonTitle, "button_title", limit: 256, notEmpty: true)
        let rows = list.sections.flatMap(\.rows)
        guard !rows.isEmpty, list.sections.count <= 10, rows.count <= 100 else {
            throw .invalid(field: "sections", reason: "not 1 to 100 rows in up to 10 sections")
        }
        guard Set(rows.map(\.id)).count == rows.count else {
            throw .invalid(field: "sections.rows.id", reason: "two rows have the same")
        }
        var content = WAListMessage()
        content.title = list.title
        content.description_p = list.text
        content.buttonText = list.buttonTitle
        content.listType = .singleSelect
        if let footer = list.footer {
            try check(footer, "footer", limit: 1_024)
            content.footerText = footer
        }
        for section in list.sections {
            try check(section.title, "sections.title", limit: 1_024)
            var entry = WAListMessage.Section()
            entry.title = section.title
            for row in section.rows { entry.rows.append(try self.row(row)) }
            content.sections.append(entry)
        }
        var message = WAMessage()
        message.listMessage = content
        return message
    }

    private static func row(_ row: OutgoingList.Row) throws(RequestError) -> WAListMessage.Row {
        try check(row.id, "sections.rows.id", limit: 256, notEmpty: true)
        try check(row.title, "sections.rows.title", limit: 1_024, notEmpty: true)
        var entry = WAListMessage.Row()
        entry.rowID = row.id
        entry.title = row.title
        if let details = row.details {
            try check(details, "sections.rows.description", limit: 4_096)
            entry.description_p = details
        }
        return entry
    }

    static func message(_ interactive: OutgoingInteractive) throws(RequestError) -> WAMessage {
        try check(interactive.text, "text", notEmpty: true)
        guard (1...20).contains(interactive.buttons.count) else {
            throw .invalid(field: "buttons", reason: "not 1 to 20")
        }
        var content = WAInteractiveMessage()
        content.body.text = interactive.text
        if let title = interactive.title {
            try check(title, "title", limit: 1_024)
            content.header.title = title
            content.header.hasMediaAttachment_p = false
        }
        if let footer = interactive.footer {
            try check(footer, "footer", limit: 1_024)
            content.footer.text = footer
        }
        for button in interactive.buttons {
            try check(button.name, "buttons.name", limit: 256, notEmpty: true)
            try check(button.parameters, "buttons.parameters", notEmpty: true)
            var entry = WAInteractiveMessage.NativeFlowMessage.NativeFlowButton()
            entry.name = button.name
            entry.buttonParamsJson = button.parameters
            content.nativeFlowMessage.buttons.append(entry)
        }
        content.nativeFlowMessage.messageVersion = 1
        var message = WAMessage()
        message.interactiveMessage = content
        return message
    }
}
