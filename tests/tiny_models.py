"""Sentence-transformers models of two layers and 32 dimensions, made in a second, of the kinds that real ones are of."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

WORDS = (
    "Partners take part in decisions from the start of a project to its end. "
    "Which principles guide our partnerships? We pay fifteen per cent of the core costs of each partner. "
    "Las organizaciones asociadas participan en las decisiones desde el principio hasta el final del proyecto. "
    "¿Qué apoyo pueden esperar las organizaciones asociadas, y qué se espera de ellas? "
    "Les partenaires prennent part aux décisions. शिक्षा के सिद्धांत 合作伙伴参与决策"
).split()
SMALL = {"hidden_size": 32, "num_hidden_layers": 2, "num_attention_heads": 2, "intermediate_size": 64, "initializer_range": 0.4}


@dataclass(frozen=True, slots=True)
class Kind:
    """What a tiny model is made of; `modules` follow the transformer and get its dimensions."""

    transformer: Callable[[Path], None]
    pooling: str | tuple[str, ...] = "mean"
    dense: bool = False
    normalized: bool = False
    tokens: int | None = None
    lower: bool = False
    prompts: dict[str, str] = field(default_factory=dict)
    default_prompt: str | None = None
    include_prompt: bool = True
    truncated: int | None = None
    seed: int = 1


def make(kind: Kind, folder: Path) -> Path:
    """Write the model into `folder`, as SentenceTransformer saves it."""
    import torch
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.base.modules import Dense, Normalize, Transformer
    from sentence_transformers.sentence_transformer.modules import Pooling

    torch.manual_seed(kind.seed)
    base = folder / "base"
    base.mkdir(parents=True)
    kind.transformer(base)
    first = Transformer(str(base), max_seq_length=kind.tokens, do_lower_case=kind.lower)
    modules = [first, Pooling(32, kind.pooling, include_prompt=kind.include_prompt)]
    if kind.dense:
        modules.append(Dense(modules[-1].get_embedding_dimension(), 24))
    if kind.normalized:
        modules.append(Normalize())
    model = SentenceTransformer(modules=modules, prompts=kind.prompts, default_prompt_name=kind.default_prompt, truncate_dim=kind.truncated, device="cpu")
    model.save(str(folder / "model"), create_model_card=False)
    return folder / "model"


def bert(folder: Path) -> None:
    """Word pieces, absolute positions, token types; pads on the right."""
    from transformers import BertConfig, BertModel

    _wordpiece(folder)
    BertModel(BertConfig(vocab_size=_size(folder), max_position_embeddings=96, **SMALL)).save_pretrained(folder)


def bert_padded_left(folder: Path) -> None:
    """The same model, whose tokenizer pads on the left."""
    from transformers import BertConfig, BertModel

    _wordpiece(folder, padding_side="left")
    BertModel(BertConfig(vocab_size=_size(folder), max_position_embeddings=96, **SMALL)).save_pretrained(folder)


def bert_half(folder: Path) -> None:
    """The same model, its weights in half precision."""
    import torch
    from transformers import BertConfig, BertModel

    _wordpiece(folder)
    BertModel(BertConfig(vocab_size=_size(folder), max_position_embeddings=96, **SMALL)).to(torch.bfloat16).save_pretrained(folder)


def xlm_roberta(folder: Path) -> None:
    """A multilingual unigram tokenizer, as sentencepiece makes them; positions from the padding's number on."""
    from transformers import XLMRobertaConfig, XLMRobertaModel

    _unigram(folder)
    settings = XLMRobertaConfig(vocab_size=_size(folder), max_position_embeddings=98, type_vocab_size=1, pad_token_id=1, **SMALL)
    XLMRobertaModel(settings).save_pretrained(folder)


def mpnet(folder: Path) -> None:
    """Relative positions in buckets beside absolute ones."""
    from transformers import MPNetConfig, MPNetModel

    _unigram(folder)
    MPNetModel(MPNetConfig(vocab_size=_size(folder), max_position_embeddings=98, pad_token_id=1, **SMALL)).save_pretrained(folder)


def t5(folder: Path) -> None:
    """An encoder with relative positions alone, without any limit of its own."""
    from transformers import T5Config, T5EncoderModel

    _unigram(folder)
    sizes = {"d_model": 32, "d_kv": 16, "d_ff": 64, "num_layers": 2, "num_heads": 2, "initializer_factor": 1.0}
    T5EncoderModel(T5Config(vocab_size=_size(folder), pad_token_id=1, **sizes)).save_pretrained(folder)


def modern_bert(folder: Path) -> None:
    """Rotary positions, attention that is local in every other layer."""
    from transformers import ModernBertConfig, ModernBertModel

    _wordpiece(folder)
    local = {"global_attn_every_n_layers": 2, "local_attention": 16, "max_position_embeddings": 96}
    ids = dict.fromkeys(("pad_token_id", "cls_token_id", "sep_token_id", "bos_token_id", "eos_token_id"), 0)
    ModernBertModel(ModernBertConfig(vocab_size=_size(folder), **{**SMALL, **local, **ids})).save_pretrained(folder)


def qwen(folder: Path) -> None:
    """A decoder: each token sees those before it; pads on the left."""
    from transformers import Qwen3Config, Qwen3Model

    _wordpiece(folder, padding_side="left")
    sizes = {"num_key_value_heads": 1, "head_dim": 16, "max_position_embeddings": 96}
    Qwen3Model(Qwen3Config(vocab_size=_size(folder), **SMALL, **sizes)).save_pretrained(folder)


def gemma(folder: Path) -> None:
    """A decoder turned encoder; its masks are made by a transformation that the exporter does not know."""
    from transformers import Gemma3TextConfig, Gemma3TextModel

    _unigram(folder)
    sizes = {"num_key_value_heads": 1, "head_dim": 16, "max_position_embeddings": 96, "sliding_window": 16, "pad_token_id": 1}
    Gemma3TextModel(Gemma3TextConfig(vocab_size=_size(folder), use_bidirectional_attention=True, **SMALL, **sizes)).save_pretrained(folder)


def canine(folder: Path) -> None:
    """Reads characters, with a tokenizer that is Python alone."""
    from transformers import CanineConfig, CanineModel, CanineTokenizer

    CanineTokenizer().save_pretrained(folder)
    sizes = {"num_hash_buckets": 64, "num_hash_functions": 2, "max_position_embeddings": 128, "local_transformer_stride": 32}
    CanineModel(CanineConfig(**SMALL, **sizes)).save_pretrained(folder)


def make_static(folder: Path) -> Path:
    """A model of another kind: a table of token vectors without a transformer."""
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import StaticEmbedding
    from tokenizers import Tokenizer

    folder.mkdir(parents=True)
    _wordpiece(folder)
    table = StaticEmbedding(Tokenizer.from_file(str(folder / "tokenizer.json")), embedding_dim=32)
    SentenceTransformer(modules=[table], device="cpu").save(str(folder / "model"), create_model_card=False)
    return folder / "model"


def _wordpiece(folder: Path, **options: str) -> None:
    from tokenizers import Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers
    from transformers import PreTrainedTokenizerFast

    special = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
    tokenizer = Tokenizer(models.WordPiece(unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.BertNormalizer(lowercase=False)
    tokenizer.pre_tokenizer, tokenizer.decoder = pre_tokenizers.BertPreTokenizer(), decoders.WordPiece()
    tokenizer.train_from_iterator(WORDS, trainers.WordPieceTrainer(vocab_size=300, special_tokens=special, show_progress=False))
    tokenizer.post_processor = processors.BertProcessing(("[SEP]", 3), ("[CLS]", 2))
    names = {"pad_token": "[PAD]", "unk_token": "[UNK]", "cls_token": "[CLS]", "sep_token": "[SEP]", "mask_token": "[MASK]"}
    PreTrainedTokenizerFast(tokenizer_object=tokenizer, model_max_length=96, **names, **options).save_pretrained(folder)


def _unigram(folder: Path) -> None:
    from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors, trainers
    from transformers import PreTrainedTokenizerFast

    special = ["<s>", "<pad>", "</s>", "<unk>", "<mask>"]
    tokenizer = Tokenizer(models.Unigram())
    tokenizer.normalizer = normalizers.Sequence([normalizers.NFKC(), normalizers.Replace(" {2,}", " ")])
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace()
    trainer = trainers.UnigramTrainer(vocab_size=250, special_tokens=special, unk_token="<unk>", show_progress=False)
    tokenizer.train_from_iterator(WORDS * 3, trainer)
    tokenizer.post_processor = processors.TemplateProcessing(single="<s> $A </s>", special_tokens=[("<s>", 0), ("</s>", 2)])
    names = {"bos_token": "<s>", "pad_token": "<pad>", "eos_token": "</s>", "unk_token": "<unk>", "cls_token": "<s>", "sep_token": "</s>"}
    PreTrainedTokenizerFast(tokenizer_object=tokenizer, model_max_length=96, **names).save_pretrained(folder)


def _size(folder: Path) -> int:
    """The number of tokens, the special ones included."""
    from tokenizers import Tokenizer

    return Tokenizer.from_file(str(folder / "tokenizer.json")).get_vocab_size()
