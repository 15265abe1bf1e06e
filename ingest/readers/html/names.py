"""By what names, roles and words a page's furniture is known, in the languages that pages come in."""

import re

NEVER = ("script", "style", "noscript", "template", "svg", "iframe", "nav", "dialog", "object", "select", "textarea")
ROLES = frozenset(("navigation", "banner", "contentinfo", "search", "dialog", "alertdialog", "menu", "menubar", "toolbar", "tablist"))
CLASSES = re.compile(  # furniture wherever it stands
    r"(?:^|[\s_-])(?:cookie\w*|consent|gdpr|breadcrumbs?|crumbs|skip(?:-?(?:to|link|nav)\w*)?|addtoany|comments|comment-(?:form|list)|respond|"
    r"pagination|pager|page-nav|post-nav(?:igation)?|navbar|nav|navigation|screen-?reader(?:-text)?|visually-?hidden|sr-only|edit-?link|editsection|"
    r"back-to-top|print-?link|lang(?:uage)?-?(?:switch\w*|select\w*|chooser)|site-(?:header|footer)|page-footer)(?:$|[\s_-])",
    re.IGNORECASE,
)
DOUBTFUL = re.compile(  # furniture outside the article; within it, where it links, asks or says next to nothing
    r"(?:^|[\s_-])(?:share|sharing|social|related|recommended|newsletter|subscribe|sign-?up|menu|toolbar|pop-?up|modal|overlay|teasers?|read-?next|"
    r"you-may|advert(?:isement)?|ads?|promo|sidebar|widget|tags|feedback|is-?useful|helpful|footer)(?:$|[\s_-])",
    re.IGNORECASE,
)
CONCEALED = re.compile(r"(?:^|\s)(?:hidden|d-none|is-hidden|hide|invisible)(?:$|\s)", re.IGNORECASE)
HIDDEN = re.compile(r"display:\s*none|visibility:\s*hidden", re.IGNORECASE)
RELATED = re.compile(
    r"^(?:you (?:may|might) (?:also )?(?:like|be interested)\b.*|related\b.{0,40}|(?:see|read) (?:also|next|more)|"
    r"further reading|more (?:on|from|like|news|stories|about)\b.{0,40}|"
    r"also (?:on|in|read)\b.{0,40}|recommended\b.{0,30}|(?:latest|recent|other|popular) (?:news|posts?|articles?|stories|"
    r"pages?|publications?|blogs?)\b.{0,20}|next article|"
    r"share\b.{0,40}|follow us\b.{0,20}|à lire aussi|voir aussi|articles? (?:liés|similaires|connexes)|sur le même (?:sujet|"
    r"thème)|pour aller plus loin|partager\b.{0,30}|"
    r"siehe auch|weiterführende\b.{0,40}|mehr zum thema|ähnliche\b.{0,30}|verwandte\b.{0,30}|das könnte sie.*|teilen\b.{0,20}|"
    r"véase también|ver también|artículos relacionados|contenido relacionado|también te puede interesar|compartir\b.{0,20}|"
    r"vedi anche|articoli correlati|potrebbe interessarti.*|condividi\b.{0,20}|zie ook|lees ook|gerelateerd\b.{0,30}|delen|"
    r"veja também|leia também|artigos relacionados|partilhar|compartilhar|zobacz (?:też|także)|powiązane\b.{0,30}|udostępnij|"
    r"se även|läs också|relaterat|dela|se også|les også|смотрите также|читайте также|похожие\b.{0,30}|поделиться|"
    r"اقرأ أيضا|انظر أيضا|مواضيع ذات صلة|مقالات ذات صلة|شارك\b.{0,20}|相关(?:文章|阅读|链接)|関連(?:記事|リンク|ページ)|分享)\s*[:：…]?$",
    re.IGNORECASE,
)
NETWORKS = re.compile(
    r"^(?:(?:share|tweet|post|send|teilen|partager|compartir|auf|on|via|by|sur|en|per|par|this|page)\s+)*(?:facebook|"
    r"twitter|x|linkedin|whatsapp|telegram|instagram|"
    r"youtube|pinterest|reddit|mastodon|bluesky|threads|tiktok|xing|e-?mail|print|copy(?: (?:the )?link)?|imprimer|drucken|"
    r"imprimir|courriel|tweet|share)(?:\s*\(.*\))?$",
    re.IGNORECASE,
)
MORE = re.compile(
    r"(?:read|learn|find out|see|show) more|continue reading|more(?: info)?|weiterlesen|mehr (?:lesen|erfahren)|"
    r"lire (?:la suite|plus)|en savoir plus|leer más|"
    r"leggi(?: tutto)?|lees (?:meer|verder)|ler mais|saiba mais|czytaj więcej|läs mer|les mer|читать далее|подробнее|"
    r"اقرأ المزيد|阅读更多|続きを読む",
    re.IGNORECASE,
)
